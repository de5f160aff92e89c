package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StageState;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.row.Row;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.ListState;
import io.solstice.api.state.MapState;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.Timer;
import io.solstice.api.state.ValueState;
import io.solstice.api.time.Watermarks;
import io.solstice.common.graph.StateStore;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import io.solstice.testing.OperatorHarness;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** State for each key, and timers, in whole jobs and in all the ways of the test kit. */
class KeyedStateTest {
    /** Gives each row with what came before it for its key, and at the end of the input what there was in all. */
    private static final class Remembering implements KeyedOperator {
        private @Nullable ValueState<Row> last;
        private @Nullable ListState<Long> numbers;
        private @Nullable MapState<Double> halves;

        @Override
        public void declare(States states) {
            last = states.value("last", Row.class);
            numbers = states.list("numbers", Long.class);
            halves = states.map("halves", Double.class);
        }

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            ValueState<Row> before = Objects.requireNonNull(last);
            Row known = before.get();
            long number = row.getLong("n");
            out.emit(row.with("before", known == null ? -1L : known.getLong("n")));
            before.set(row);
            Objects.requireNonNull(numbers).add(number);
            Objects.requireNonNull(halves).put("of " + number, number / 2.0);
            key.setTimer(Instant.EPOCH.plusSeconds(1_000));
        }

        @Override
        public void onTimer(Timer timer, KeyContext key, RowOutput out) {
            out.emit(Row.of(
                    "k", key.key().get("k"),
                    "n", (long) Objects.requireNonNull(numbers).get().size(),
                    "before", (long) Objects.requireNonNull(halves).scan("of 1").size()));
        }
    }

    @Test
    void batchesRestoresAndNumbersOfTasksMakeNoDifference() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (long n = 0; n < 60; n++) {
            rows.add(Row.of("k", n % 7 == 6 ? null : "key " + n % 7, "n", n));
        }
        List<Row> out = OperatorHarness.of(Remembering::new).keyedBy("k").run(rows);
        assertThat(out).hasSize(60 + 7);
        assertThat(out.subList(0, 60)).allMatch(row -> row.getLong("before") == Math.max(-1, row.getLong("n") - 7));
        assertThat(out.subList(60, 67))
                .extracting(row -> row.getLong("n"))
                .containsExactlyInAnyOrder(9L, 9L, 9L, 9L, 8L, 8L, 8L);
    }

    /** Away for a second of event time. */
    private static final class Away implements KeyedOperator {
        private @Nullable ValueState<Instant> last;

        @Override
        public void declare(States states) {
            last = states.value("last", Instant.class);
        }

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            Instant now = (Instant) Objects.requireNonNull(row.get("event_time"));
            ValueState<Instant> newest = Objects.requireNonNull(last);
            Instant known = newest.get();
            newest.set(known == null || now.isAfter(known) ? now : known);
            key.setTimer(now.plusMillis(10));
        }

        @Override
        public void onTimer(Timer timer, KeyContext key, RowOutput out) {
            Instant newest = Objects.requireNonNull(Objects.requireNonNull(last).get());
            if (newest.plusMillis(10).equals(timer.time())) {
                assertThat(key.watermark())
                        .satisfiesAnyOf(
                                none -> assertThat(none).isNull(),
                                mark -> assertThat(mark).isNotNull());
                out.emit(key.key().with("at", timer.time()));
            }
        }
    }

    @Test
    void timersFollowTheWatermarksOfAJob() throws Exception {
        MemorySink sink = new MemorySink();
        Job job = new Job("away")
                .addStage(Stage.of("in", GeneratorSource.mockEvents(20_000).splits(2))
                        .parallelism(2)
                        .watermarks(Watermarks.of("event_time").delay(Duration.ofSeconds(1))))
                .addStage(Stage.of("by", KeyByOperator.columns("partition_key")).parallelism(2), "in")
                .addStage(Stage.operator("away", Away::new).parallelism(2), "by")
                .addStage(Stage.sink("out", sink), "away");
        JobRunner.run(job);
        assertThat(sink.rows())
                .extracting(row -> row.getString("partition_key"))
                .as("each of them was away at the end, at least")
                .contains("partition_0", "partition_1", "partition_2", "partition_3");
    }

    /** Calls itself by the clock, without any further row. */
    private static final class Ticking implements KeyedOperator {
        static final AtomicInteger TICKS = new AtomicInteger();

        @Override
        public void declare(States states) {}

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            key.setClockTimer(Instant.now().plus(20, ChronoUnit.MILLIS));
        }

        @Override
        public void onTimer(Timer timer, KeyContext key, RowOutput out) {
            assertThat(timer.eventTime()).isFalse();
            assertThat(timer.time()).isBeforeOrEqualTo(Instant.now());
            TICKS.incrementAndGet();
        }
    }

    @Test
    void clockTimersComeWithoutRows() throws Exception {
        Ticking.TICKS.set(0);
        // One row a second: the timer of each comes in between.
        Job job = new Job("ticking")
                .addStage(Stage.of("in", GeneratorSource.numbers(1, 3).rowsPerSecond(4)))
                .addStage(Stage.of("by", KeyByOperator.columns("number")), "in")
                .addStage(Stage.operator("tick", Ticking::new), "by")
                .addStage(Stage.sink("out", new MemorySink()), "tick");
        JobRunner.run(job);
        assertThat(Ticking.TICKS.get())
                .as("all but the last, which the end may overtake")
                .isBetween(2, 3);
    }

    @Test
    void metricsTellWhereTheStateIs() throws Exception {
        assertThat(states(StateStore.ROCKSDB)).containsExactly(new StageState("rocksdb", 2, 8 << 20, ""));
        assertThat(states(StateStore.AUTO)).containsExactly(new StageState("auto", 2, 0, ""));
    }

    private static List<StageState> states(StateStore store) throws Exception {
        Job job = new Job("places")
                .stateStore(store)
                .stateMemory(4 << 20)
                .addStage(Stage.of("in", GeneratorSource.mockEvents(100).splits(2))
                        .parallelism(2)
                        .watermarks(Watermarks.of("event_time").delay(Duration.ofSeconds(1))))
                .addStage(Stage.of("by", KeyByOperator.columns("partition_key")).parallelism(2), "in")
                .addStage(Stage.operator("away", Away::new).parallelism(2), "by")
                .addStage(Stage.sink("out", new MemorySink()), "away");
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job);
            handle.await();
            return handle.getMetrics().stages().get(2).states();
        }
    }

    @Test
    void aStageWithoutKeysIsRefusedBeforeAnythingRuns() {
        Job job = new Job("keyless")
                .addStage(Stage.of("in", GeneratorSource.numbers(1, 3)))
                .addStage(Stage.operator("tick", Ticking::new), "in")
                .addStage(Stage.sink("out", new MemorySink()), "tick");
        assertThatThrownBy(() -> JobRunner.run(job))
                .hasMessageContaining("SOL-1603")
                .hasMessageContaining("stage 'tick'")
                .hasMessageContaining("KeyByOperator");
    }
}
