package io.solstice.worker.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.WindowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.TimeWindow;
import io.solstice.api.window.WindowAssigner;
import io.solstice.api.window.WindowContext;
import io.solstice.api.window.WindowFunction;
import io.solstice.api.window.WindowTrigger;
import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.worker.window.WindowedAggregation;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows row by row: the same as columnar ones where both can be had, and what only they can do. */
class UserWindowsTest {
    private static final Schema SCHEMA = new Schema(List.of(
            field("k", ArrowType.Utf8.INSTANCE),
            field("event_time", new ArrowType.Int(64, true)),
            field("v", new ArrowType.Int(64, true))));

    private final RootAllocator memory = new RootAllocator();

    @AfterEach
    void nothingIsLeft() {
        memory.close();
    }

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    private static Duration micros(long count) {
        return Duration.of(count, ChronoUnit.MICROS);
    }

    private static Row row(@Nullable String key, @Nullable Long time, long value) {
        return Row.of("k", key, "event_time", time, "v", value);
    }

    private static Instant at(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** The columns of an aggregation with several results for each window. */
    private static final WindowFunction SUMS = (pane, rows, out) -> out.accept(pane.key()
            .with("window_start", pane.window().start())
            .with("window_end", pane.window().end())
            .with("count", (long) rows.size())
            .with("sum_v", rows.stream().mapToLong(row -> row.getLong("v")).sum())
            .with("pane_index", pane.index())
            .with("is_late", pane.late()));

    /** The values in their order, and how often the window was given out before. */
    private static final WindowFunction VALUES = (pane, rows, out) -> out.accept(Row.of(
            "text",
            pane.key().get("k") + "@"
                    + ChronoUnit.MICROS.between(Instant.EPOCH, pane.window().start()) + "#"
                    + pane.index() + (pane.late() ? " late " : " ")
                    + rows.stream().map(row -> row.getLong("v")).toList()));

    private List<String> texts(WindowRun run) {
        List<String> texts =
                run.given.stream().map(row -> row.getString("text")).toList();
        run.given.clear();
        return texts;
    }

    private WindowRun run(WindowOperator definition) throws Exception {
        return new WindowRun(definition, SCHEMA, false, memory);
    }

    /** One aggregation as a task runs it. */
    private final class Columnar implements Outbox {
        private final List<Row> given = new ArrayList<>();
        private final WindowedAggregation operator;

        Columnar(AggregateOperator definition, WindowRun context) {
            operator = new WindowedAggregation(definition);
            operator.open(context);
        }

        void row(Row row) {
            operator.process(new RowWriter(SCHEMA).write(List.of(row), memory), this);
        }

        @Override
        public void emit(Batch batch) {
            try (batch) {
                given.addAll(List.copyOf(new RowReader(batch).rows()));
            }
        }

        @Override
        public void emitAll(Iterator<Batch> batches) {
            batches.forEachRemaining(this::emit);
        }

        List<String> takeGiven() {
            List<String> texts = given.stream().map(Row::toString).sorted().toList();
            given.clear();
            return texts;
        }
    }

    private static Windows windows(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Windows.tumbling(micros(1 + random.nextInt(20))).offset(micros(random.nextInt(3)));
            case 1 -> {
                int slide = 1 + random.nextInt(8);
                yield Windows.sliding(micros(slide + random.nextInt(20)), micros(slide));
            }
            default -> Windows.session(micros(1 + random.nextInt(8)));
        };
    }

    @Test
    void theWindowsAreThoseOfAnAggregationAlsoAfterRestores() throws Exception {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Windows windows = windows(random);
            Duration lateness = micros(1 + random.nextInt(25));
            AggregateOperator columnar = AggregateOperator.by("k")
                    .window(windows)
                    .allowedLateness(lateness)
                    .aggregate(Aggregates.count(), Aggregates.sum("v"));
            WindowOperator definition = WindowOperator.by("k")
                    .window(windows)
                    .allowedLateness(lateness)
                    .apply(SUMS);
            try (WindowRun run = new WindowRun(definition, SCHEMA, true, memory);
                    WindowRun context = new WindowRun(definition, SCHEMA, true, memory)) {
                Columnar expected = new Columnar(columnar, context);
                long now = 0;
                for (int step = 40; step >= 0; step--) {
                    now += random.nextInt(4);
                    if (random.nextInt(4) == 0) {
                        long mark = now - random.nextInt(15);
                        run.mark(mark);
                        expected.operator.onWatermark(new Watermark(mark), expected);
                    } else if (random.nextInt(5) == 0) {
                        run.restore(definition);
                    } else {
                        Row row = row("k" + random.nextInt(3), now - random.nextInt(30), step);
                        run.rows(row);
                        expected.row(row);
                    }
                    assertThat(run.takeGiven())
                            .as("seed %s, step %s", seed, step)
                            .isEqualTo(expected.takeGiven());
                    assertThat(run.late).as("seed %s, late rows", seed).isEqualTo(context.late);
                }
                run.finish();
                expected.operator.finish(expected);
                assertThat(run.takeGiven()).as("seed %s, end", seed).isEqualTo(expected.takeGiven());
                assertThat(run.aside).isEmpty();
                assertThat(run.keptKeys()).as("seed %s, kept keys", seed).isZero();
                expected.operator.close();
            }
        }
    }

    /** As long as the row says, so that windows of one key overlap in any way. */
    private static final WindowAssigner AS_LONG_AS_IT_SAYS = (row, time) -> {
        long length = row.getLong("v");
        return length == 0 ? List.of() : List.of(new TimeWindow(time, time.plus(length, ChronoUnit.MICROS)));
    };

    @Test
    void rowsGoWhereTheAssignerSays() throws Exception {
        WindowOperator definition =
                WindowOperator.by("k").window(AS_LONG_AS_IT_SAYS).apply(VALUES);
        try (WindowRun run = run(definition)) {
            run.rows(row("a", 10L, 5), row("a", 10L, 5), row("a", 12L, 1), row("b", 10L, 100), row("a", 3L, 0));
            run.restore(definition);
            run.mark(13);
            assertThat(texts(run)).containsExactly("a@12#0 [1]");
            run.mark(15);
            assertThat(texts(run)).containsExactly("a@10#0 [5, 5]");
            run.rows(row("a", 10L, 5), row("a", null, 5));
            run.finish();
            assertThat(texts(run)).containsExactly("b@10#0 [100]");
            assertThat(run.aside).hasSize(3);
            assertThat(run.aside.get(0)).contains("SOL-1308", "belongs to no window", "$$Lambda gave none");
            assertThat(run.aside.get(1)).contains("SOL-1307", "ended at 1970-01-01T00:00:00.000015Z");
            assertThat(run.aside.get(2)).contains("SOL-1301", "no time in 'event_time'");
        }
    }

    @Test
    void anAssignerThatGivesNonsenseFailsWithItsRow() throws Exception {
        try (WindowRun run = run(WindowOperator.by("k")
                .window((row, time) -> List.of(new TimeWindow(time, time)))
                .apply(VALUES))) {
            assertThatThrownBy(() -> run.rows(row("a", 1L, 1)))
                    .hasMessageContaining("is not possible")
                    .hasMessageContaining("record {k: a");
        }
        try (WindowRun run = run(WindowOperator.by("k")
                .window((row, time) -> List.of(new TimeWindow(time, Instant.MAX.truncatedTo(ChronoUnit.SECONDS))))
                .apply(VALUES))) {
            assertThatThrownBy(() -> run.rows(row("a", 1L, 1))).hasMessageContaining("73,000 years");
        }
    }

    @Test
    void everyRowsCountsAndTheEndGivesTheRest() throws Exception {
        WindowOperator definition = WindowOperator.by("k")
                .window(Windows.tumbling(micros(100)))
                .trigger(WindowTrigger.everyRows(2))
                .apply(VALUES);
        try (WindowRun run = run(definition)) {
            run.rows(row("a", 1L, 1), row("a", 2L, 2), row("a", 3L, 3));
            assertThat(texts(run)).containsExactly("a@0#0 [1, 2]");
            run.restore(definition);
            run.rows(row("a", 3L, 4), row("a", 3L, 5));
            assertThat(texts(run)).containsExactly("a@0#1 [1, 2, 3, 4]");
            run.mark(100);
            assertThat(texts(run)).containsExactly("a@0#2 [1, 2, 3, 4, 5]");
        }
        WindowOperator purging = definition.trigger(WindowTrigger.everyRows(2).purging());
        try (WindowRun run = run(purging)) {
            run.rows(row("a", 1L, 1), row("a", 2L, 2), row("a", 3L, 3));
            run.restore(purging);
            run.rows(row("a", 4L, 4), row("a", 5L, 5));
            run.mark(100);
            assertThat(texts(run)).containsExactly("a@0#0 [1, 2]", "a@0#1 [3, 4]", "a@0#2 [5]");
            assertThat(run.keptKeys()).isZero();
            assertThat(run.aside).isEmpty();
        }
    }

    @Test
    void everyClockGivesOutByTheClockAlsoAfterARestore() throws Exception {
        WindowOperator definition = WindowOperator.by("k")
                .window(Windows.tumbling(micros(100)))
                .trigger(WindowTrigger.everyClock(Duration.ofMillis(50)))
                .apply(VALUES);
        try (WindowRun run = run(definition)) {
            run.clock(1_000);
            run.rows(row("a", 1L, 1));
            run.clock(1_049);
            assertThat(texts(run)).isEmpty();
            run.rows(row("a", 1L, 2));
            run.restore(definition);
            run.clock(1_050);
            assertThat(texts(run)).containsExactly("a@0#0 [1, 2]");
            run.clock(1_100);
            assertThat(texts(run)).containsExactly("a@0#1 [1, 2]");
            run.mark(100);
            assertThat(texts(run)).containsExactly("a@0#2 [1, 2]");
            run.clock(2_000);
            assertThat(texts(run)).isEmpty();
            assertThat(run.keptKeys()).isZero();
        }
    }

    /** Gives out five after each row whose value is greater than all before, and forgets the rows at a negative one. */
    private static final class NewHeights implements WindowTrigger {
        @Override
        public Decision onRow(Row row, WindowContext window) {
            long value = row.getLong("v");
            if (value < 0) {
                return Decision.PURGE;
            }
            if (!window.kept().has("height") || value > window.kept().getLong("height")) {
                window.keep(Row.of("height", value));
                window.callAt(at(row.getLong("event_time") + 5));
            }
            return Decision.WAIT;
        }

        @Override
        public Decision onTime(Instant time, WindowContext window) {
            assertThat(window.key().get("k")).isEqualTo("a");
            return time.equals(window.window().end()) ? Decision.WAIT : Decision.FIRE;
        }
    }

    @Test
    void aTriggerOfOnesOwnKeepsWhatItNeedsAndIsCalledWhenItAsked() throws Exception {
        WindowOperator definition = WindowOperator.by("k")
                .window(Windows.tumbling(micros(100)))
                .trigger(new NewHeights())
                .apply(VALUES);
        try (WindowRun run = run(definition)) {
            run.rows(row("a", 10L, 3), row("a", 11L, 2));
            run.restore(definition);
            run.rows(row("a", 12L, 3));
            run.mark(15);
            assertThat(texts(run)).containsExactly("a@0#0 [3, 2, 3]");
            run.mark(50);
            assertThat(texts(run)).isEmpty();
            run.rows(row("a", 60L, 4), row("a", 61L, -1), row("a", 62L, 5), row("a", 63L, 1));
            run.restore(definition);
            run.mark(65);
            assertThat(texts(run)).containsExactly("a@0#1 [5, 1]");
            run.mark(69);
            assertThat(texts(run)).containsExactly("a@0#2 [5, 1]");
            run.rows(row("a", 70L, 5));
            run.mark(100);
            assertThat(texts(run)).isEmpty();
            assertThat(run.aside)
                    .singleElement()
                    .asString()
                    .contains("v: 5", "SOL-1308", "the trigger never gave the row's window out");
            assertThat(run.keptKeys()).isZero();
        }
    }

    @Test
    void joinedSessionsHaveTheRowsOfAllAndWhatTheirTriggerKept() throws Exception {
        WindowOperator definition = WindowOperator.by("k")
                .window(Windows.session(micros(10)))
                .trigger(WindowTrigger.everyClock(Duration.ofMillis(50)))
                .apply(VALUES);
        try (WindowRun run = run(definition)) {
            run.rows(row("a", 0L, 1), row("a", 5L, 2), row("a", 22L, 3));
            run.rows(row("a", 14L, 4));
            run.restore(definition);
            run.clock(50);
            assertThat(texts(run)).containsExactly("a@0#0 [1, 2, 3, 4]");
            run.mark(31);
            assertThat(texts(run)).isEmpty();
            run.mark(32);
            assertThat(texts(run)).containsExactly("a@0#1 [1, 2, 3, 4]");
            assertThat(run.keptKeys()).isZero();
        }
    }

    @Test
    void aLongerLatenessKeepsWindowsThatAreThereLonger() throws Exception {
        WindowOperator definition =
                WindowOperator.by("k").window(Windows.tumbling(micros(10))).apply(VALUES);
        WindowOperator longer = definition.allowedLateness(micros(20));
        try (WindowRun run = run(definition)) {
            run.rows(row("a", 1L, 1));
            run.restore(longer);
            run.mark(25);
            assertThat(texts(run)).containsExactly("a@0#0 [1]");
            run.rows(row("a", 2L, 2));
            assertThat(texts(run)).containsExactly("a@0#1 late [1, 2]");
            run.mark(30);
            assertThat(run.keptKeys()).isZero();
        }
    }

    @Test
    void otherWindowsDoNotBeginWithTheState() throws Exception {
        WindowOperator definition =
                WindowOperator.by("k").window(Windows.tumbling(micros(10))).apply(VALUES);
        try (WindowRun run = run(definition)) {
            run.rows(row("a", 1L, 1));
            assertThatThrownBy(() -> run.restore(definition.window(Windows.tumbling(micros(20)))))
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STATE_UNFIT))
                    .hasMessageContaining("tumbling PT0.00001S")
                    .hasMessageContaining("tumbling PT0.00002S");
        }
    }

    @Test
    void whatLacksSomethingIsRefused() {
        WindowOperator nothing = WindowOperator.by("k").window(Windows.tumbling(micros(10)));
        assertThatThrownBy(() -> Operators.create(nothing)).hasMessageContaining("nothing is done with the rows");
        WindowOperator never = WindowOperator.by("k").apply(VALUES);
        assertThatThrownBy(() -> Operators.create(never)).hasMessageContaining("the function has no windows");
        assertThatThrownBy(
                        () -> Operators.create(nothing.time("v2").apply(VALUES)).outputSchema(SCHEMA))
                .hasMessageContaining("SOL-1202");
        assertThatThrownBy(
                        () -> Operators.create(nothing.time("k").apply(VALUES)).outputSchema(SCHEMA))
                .hasMessageContaining("tells no event time");
        assertThatThrownBy(() -> WindowTrigger.everyRows(0)).hasMessageContaining("SOL-1602");
        assertThatThrownBy(() -> WindowTrigger.everyClock(Duration.ZERO)).hasMessageContaining("SOL-1602");
        assertThat(nothing.trigger(WindowTrigger.everyRows(3).purging()).options())
                .containsEntry("trigger", "every 3 rows, purging");
    }
}
