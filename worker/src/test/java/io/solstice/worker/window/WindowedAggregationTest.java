package io.solstice.worker.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowSchema;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.CustomAggregate;
import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link WindowedAggregationOracleTest} does not reach: limits, sizes, and what people read. */
class WindowedAggregationTest {
    private final BufferAllocator memory = new RootAllocator();

    @AfterEach
    void nothingIsLeft() {
        assertThat(memory.getAllocatedMemory()).isZero();
        memory.close();
    }

    private List<String> run(AggregateOperator definition, List<Row> rows, Case.Step... between) throws Exception {
        RowSchema found = new RowSchema();
        rows.forEach(found::include);
        return run(definition, found.schema(), rows, between);
    }

    private List<String> run(AggregateOperator definition, Schema schema, List<Row> rows, Case.Step... between)
            throws Exception {
        try (TaskRuns tasks = new TaskRuns(definition, schema, memory)) {
            tasks.step(new Case.Rows(rows));
            for (Case.Step step : between) {
                tasks.step(step);
            }
            tasks.step(new Case.End());
            assertThat(tasks.aside()).isEmpty();
            return tasks.given();
        }
    }

    private static Row at(long micros, String key, Object value) {
        return Row.of("event_time", micros, "key", key, "v", value);
    }

    @Test
    void aSumThatOverflowsNamesItsColumn() {
        AggregateOperator definition = AggregateOperator.by("key").aggregate(Aggregates.sum("v"));
        assertThatThrownBy(() -> run(definition, List.of(at(0, "a", Long.MAX_VALUE), at(0, "a", 1L))))
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.EXPRESSION_FAILED))
                .hasMessageContaining("sum of column 'v'");
    }

    @Test
    void aResultThatFailsLeavesNoMemory() {
        CustomAggregate failing = new CustomAggregate() {
            @Override
            public Row create() {
                return Row.of("rows", 0L);
            }

            @Override
            public Row add(Row gathered, Row row) {
                return gathered;
            }

            @Override
            public Row merge(Row one, Row other) {
                return one;
            }

            @Override
            public Object result(Row gathered) {
                throw new IllegalStateException("on purpose");
            }
        };
        for (Windows windows :
                List.of(Windows.tumbling(Duration.ofSeconds(1)), Windows.session(Duration.ofSeconds(1)))) {
            AggregateOperator definition = AggregateOperator.by("key")
                    .window(windows)
                    .aggregate(Aggregates.custom(ArrowType.Utf8.INSTANCE, failing));
            assertThatThrownBy(() -> run(definition, List.of(at(0, "a", 1L)))).hasMessage("on purpose");
            assertThat(memory.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void decimalsAreSummedExactlyAndOverRestores() throws Exception {
        AggregateOperator definition = AggregateOperator.by("key")
                .aggregate(Aggregates.sum("v"), Aggregates.avg("v"), Aggregates.max("v"), Aggregates.min("v"));
        List<Row> rows =
                List.of(at(0, "a", new BigDecimal("99999999999999999999.25")), at(0, "a", new BigDecimal("0.75")));
        assertThat(run(definition, rows, new Case.Restore(3), new Case.Restore(1)))
                .containsExactly("{avg_v=5.0E19, key=a, max_v=99999999999999999999.25, min_v=0.75,"
                        + " sum_v=100000000000000000000.00}");
    }

    @Test
    void theRowWithTheGreatestValueTellsListsAndStructsToo() throws Exception {
        AggregateOperator definition = AggregateOperator.by("key")
                .window(Windows.tumbling(Duration.ofSeconds(1)))
                .aggregate(
                        Aggregates.maxBy("v", "tags", "at"),
                        Aggregates.minBy("v", "tags").as("least"));
        List<Row> rows = List.of(
                tagged(5, 7L, List.of("b"), Row.of("x", 1L)),
                tagged(4, 7L, List.of("b", "c"), Row.of("x", 3L)),
                tagged(4, 7L, List.of("b", "c"), Row.of("x", 2L)),
                tagged(4, 7L, List.of("c"), Row.of("x", 0L)),
                tagged(9, 1L, null, Row.of("x", 9L)),
                tagged(1, null, List.of("z"), null));
        assertThat(run(definition, rows, new Case.Restore(3), new Case.Restore(1)))
                .containsExactly("{key=a, least=null, max_by_v={tags: [b, c], at: {x: 2}},"
                        + " window_end=1970-01-01T00:00:01Z, window_start=1970-01-01T00:00:00Z}");
    }

    private static Row tagged(long micros, @Nullable Object v, @Nullable Object tags, @Nullable Object at) {
        return Row.of("event_time", micros, "key", "a", "v", v, "tags", tags, "at", at);
    }

    @Test
    void aRowWithTheGreatestValueIsRefusedWhereItTellsNothing() {
        assertThatThrownBy(() -> Aggregates.maxBy("v"))
                .hasMessageContaining("SOL-")
                .hasMessageContaining("[]");
        assertThatThrownBy(() -> Aggregates.minBy("v", "key", "key")).hasMessageContaining("[key, key]");
        List<Row> rows = List.of(tagged(1, 1L, List.of("b"), null));
        assertThatThrownBy(() -> run(AggregateOperator.by("key").aggregate(Aggregates.maxBy("tags", "v")), rows))
                .hasMessageContaining("has no max_by");
        assertThatThrownBy(() -> run(AggregateOperator.by("key").aggregate(Aggregates.maxBy("v", "tag")), rows))
                .hasMessageContaining("'tag'")
                .hasMessageContaining("tags");
    }

    /** Many batches of results, of a table that has grown often, divided among tasks and joined again. */
    @Test
    void aWindowOfManyKeysComesWhole() throws Exception {
        AggregateOperator definition = AggregateOperator.by("n")
                .window(Windows.sliding(Duration.ofSeconds(4), Duration.ofSeconds(2)))
                .aggregate(Aggregates.count(), Aggregates.last("n").as("last"));
        List<Row> rows = LongStream.range(0, 30_000)
                .mapToObj(n -> Row.of("event_time", n * 100, "n", n * 1_000_003))
                .toList();
        List<String> results =
                run(definition, rows, new Case.Restore(4), new Case.Mark(2_000_000), new Case.Restore(2));
        assertThat(results).hasSize(60_000).doesNotHaveDuplicates();
        assertThat(results).allMatch(text -> text.startsWith("{count=1,"));
    }

    @Test
    void sketchesAreCloseAndSurviveCheckpoints() throws Exception {
        AggregateOperator definition =
                AggregateOperator.by("key").aggregate(Aggregates.approxDistinct("v"), Aggregates.quantile("v", 0.9));
        List<Row> rows = LongStream.range(0, 50_000)
                .mapToObj(n -> at(0, "a", n * 7919 % 20_000))
                .toList();
        String result =
                run(definition, rows, new Case.Restore(2), new Case.Restore(1)).get(0);
        assertThat(number(result, "approx_distinct_v")).isBetween(19_000.0, 21_000.0);
        assertThat(number(result, "quantile_v")).isBetween(17_600.0, 18_400.0);
    }

    private static double number(String result, String name) {
        String rest = result.substring(result.indexOf(name + "=") + name.length() + 1);
        return Double.parseDouble(rest.split("[,}]")[0]);
    }

    /** Sessions come and go, so that slots and numbers of keys are used again. */
    @Test
    void aMillionShortSessionsLeaveNothing() throws Exception {
        AggregateOperator definition = AggregateOperator.by("key")
                .window(Windows.session(Duration.ofMillis(1)))
                .aggregate(Aggregates.count(), Aggregates.min("v"));
        RowSchema found = new RowSchema();
        Schema schema = found.include(at(0, "a", 1L)).schema();
        List<String> results = new ArrayList<>();
        try (TaskRuns tasks = new TaskRuns(definition, schema, memory)) {
            for (int round = 0; round < 20; round++) {
                long start = round * 10_000L;
                List<Row> rows = LongStream.range(0, 2_000)
                        .mapToObj(n -> at(start, "key " + (start + n), n))
                        .toList();
                tasks.step(new Case.Rows(rows));
                tasks.step(new Case.Mark(start + 1_000));
                results.addAll(tasks.given());
                tasks.step(new Case.Restore(round % 3 + 1));
            }
        }
        assertThat(results).hasSize(40_000).doesNotHaveDuplicates();
    }

    @Test
    void aLateRowIsSetAsideWithItsReason() throws Exception {
        AggregateOperator definition = AggregateOperator.by("key")
                .window(Windows.tumbling(Duration.ofSeconds(1)))
                .allowedLateness(Duration.ofMillis(500))
                .aggregate(Aggregates.count());
        RowSchema found = new RowSchema();
        Schema schema = found.include(at(0, "a", 1L)).schema();
        try (TaskRuns tasks = new TaskRuns(definition, schema, memory)) {
            tasks.step(new Case.Mark(2_000_000));
            tasks.step(new Case.Rows(List.of(at(999_999, "a", 1L), at(1_999_999, "b", 1L))));
            assertThat(tasks.reasons().get(0))
                    .contains("SOL-1307")
                    .contains("its window ended at 1970-01-01T00:00:01Z, the watermark is 1970-01-01T00:00:02Z")
                    .contains("allowed lateness PT0.5S");
            assertThat(tasks.aside()).containsExactly(at(999_999, "a", 1L).toString());
            assertThat(tasks.given()).hasSize(1).allMatch(text -> text.contains("is_late=true"));
        }
    }

    @Test
    void timesAtTheEndOfTheWorldAreRefusedRowByRow() throws Exception {
        AggregateOperator definition = AggregateOperator.by("key")
                .window(Windows.tumbling(Duration.ofSeconds(1)))
                .aggregate(Aggregates.count());
        RowSchema found = new RowSchema();
        Schema schema = found.include(at(0, "a", 1L)).schema();
        try (TaskRuns tasks = new TaskRuns(definition, schema, memory)) {
            tasks.step(
                    new Case.Rows(List.of(at(Long.MIN_VALUE, "a", 1L), at(-1, "a", 1L), at(Long.MAX_VALUE, "a", 1L))));
            tasks.step(new Case.End());
            assertThat(tasks.aside()).hasSize(2);
            assertThat(tasks.given())
                    .containsExactly("{count=1, key=a, window_end=1970-01-01T00:00:00Z,"
                            + " window_start=1969-12-31T23:59:59Z}");
        }
    }
}
