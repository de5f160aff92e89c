package io.solstice.embedded;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.lit;
import static io.solstice.api.expr.Expressions.optional;
import static io.solstice.api.expr.Expressions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.Job;
import io.solstice.api.JobMetrics;
import io.solstice.api.Stage;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import io.solstice.testing.MemorySource;
import io.solstice.testing.OperatorHarness;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ExpressionOperatorsTest {
    private static final List<Row> ROWS = List.of(
            Row.of("id", 1L, "value", 4.0, "name", "a"),
            Row.of("id", 2L, "value", null, "name", "b"),
            Row.of("id", 3L, "value", 12.5, "name", null));

    @Test
    void withColumnsAddsAndReplacesAndPassesTheRestOn() throws Exception {
        List<Row> out = OperatorHarness.of(MapOperator.withColumns(
                        col("value").times(2).as("twice"),
                        lit(true).as("processed"),
                        col("id").plus(10).as("id")))
                .run(ROWS);
        assertThat(out)
                .containsExactly(
                        Row.of("id", 11L, "value", 4.0, "name", "a", "twice", 8.0, "processed", true),
                        Row.of("id", 12L, "value", null, "name", "b", "twice", null, "processed", true),
                        Row.of("id", 13L, "value", 12.5, "name", null, "twice", 25.0, "processed", true));
    }

    @Test
    void selectKeepsJustTheNamedColumns() throws Exception {
        assertThat(OperatorHarness.of(MapOperator.select(
                                col("name").orElse("?").as("name"),
                                when(col("value").gt(10), "big", "small").as("size")))
                        .run(ROWS))
                .containsExactly(
                        Row.of("name", "a", "size", "small"),
                        Row.of("name", "b", "size", "small"),
                        Row.of("name", "?", "size", "big"));
    }

    @Test
    void anOptionalColumnIsNullWhereTheInputLacksIt() throws Exception {
        assertThat(OperatorHarness.of(MapOperator.select(
                                optional("value").times(2).as("twice"),
                                optional("missing").times(2).as("none"),
                                optional("missing").orElse(7).gt(5).as("big")))
                        .run(ROWS))
                .containsExactly(
                        Row.of("twice", 8.0, "none", null, "big", true),
                        Row.of("twice", null, "none", null, "big", true),
                        Row.of("twice", 25.0, "none", null, "big", true));
    }

    @Test
    void whereDropsNullConditions() throws Exception {
        assertThat(OperatorHarness.of(FilterOperator.where(col("value").gt(3))).run(ROWS))
                .extracting(row -> row.get("id"))
                .containsExactly(1L, 3L);
    }

    @Test
    void aRowThatCannotBeComputedIsSkippedOrNamed() throws Exception {
        List<Row> numbers =
                LongStream.range(0, 10).mapToObj(i -> Row.of("n", i)).toList();
        MapOperator map = MapOperator.select(lit(10L).modulo(col("n")).as("rest"));
        OperatorHarness skipping = OperatorHarness.of(map.skipOnError(true));
        assertThat(skipping.run(numbers)).hasSize(9);
        assertThat(skipping.skipped()).extracting(s -> s.row().get("n")).containsExactly(0L);
        assertThatThrownBy(() -> OperatorHarness.of(map).run(numbers))
                .isInstanceOfSatisfying(
                        SolsticeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXPRESSION_FAILED));
    }

    @Test
    void aFusedFilterAndMapCountLikeTwoStages() throws Exception {
        MemorySink sink = new MemorySink();
        JobMetrics metrics = JobRunner.run(new Job("fused")
                .addStage(Stage.of("numbers", GeneratorSource.numbers(1, 1000)))
                .addStage(
                        Stage.of(
                                "even",
                                FilterOperator.where(col("number").modulo(2).eq(0))),
                        "numbers")
                .addStage(
                        Stage.of(
                                "half",
                                MapOperator.select(col("number").dividedBy(2).as("half"))),
                        "even")
                .addStage(Stage.sink("sink", sink), "half"));
        assertThat(metrics.stage("even").inputRecords()).isEqualTo(1000);
        assertThat(metrics.stage("even").outputRecords()).isEqualTo(500);
        assertThat(metrics.stage("half").inputRecords()).isEqualTo(500);
        assertThat(metrics.stage("half").outputRecords()).isEqualTo(500);
        assertThat(sink.rows()).hasSize(500).contains(Row.of("half", 500.0));
    }

    @Test
    void keysGoToOneTaskEachInTheirOrder() throws Exception {
        List<Row> rows = LongStream.range(0, 5000)
                .mapToObj(i -> Row.of("user", "u" + i % 97, "seq", i))
                .toList();
        for (KeyByOperator keyBy : List.of(
                KeyByOperator.columns("user"),
                KeyByOperator.expression(col("user").upper()),
                KeyByOperator.rows(row -> row.get("user")))) {
            MemorySink sink = new MemorySink();
            JobRunner.run(new Job("keyed")
                    .addStage(Stage.source("in", MemorySource.of(rows)))
                    .addStage(Stage.of("key", keyBy), "in")
                    .addStage(Stage.operator("tag", () -> new TaskTag()).parallelism(3), "key")
                    .addStage(Stage.sink("out", sink).parallelism(3), "tag"));
            assertThat(sink.rows()).hasSize(rows.size());
            Map<Object, List<Row>> byUser =
                    sink.rows().stream().collect(Collectors.groupingBy(row -> row.getString("user")));
            assertThat(byUser).hasSize(97);
            byUser.values().forEach(own -> {
                assertThat(own)
                        .extracting(row -> row.get("task"))
                        .containsOnly(own.get(0).get("task"));
                assertThat(own).extracting(row -> row.getLong("seq")).isSorted();
            });
            assertThat(sink.rows()).extracting(row -> row.get("task")).contains(0, 1, 2);
        }
    }
}
