package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.Job;
import io.solstice.api.JobMetrics;
import io.solstice.api.Stage;
import io.solstice.api.StageMetrics;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.time.EventTime;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.vector.TimeStampVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Watermarks as an operator behind an exchange sees them. */
class EventTimeTest {
    /** Mock events are a millisecond apart, and up to a second out of order. */
    private static final int EVENTS = 100_000;

    private static final Duration DISORDER = Duration.ofSeconds(1);

    /** What the tasks of one run saw. */
    private static final class Seen {
        final AtomicLong late = new AtomicLong();
        final AtomicLong rows = new AtomicLong();
        final AtomicLong steps = new AtomicLong();
        final Map<Integer, Long> last = new ConcurrentHashMap<>();
    }

    /** Counts rows that are older than the watermark before them. */
    private static final class Watching implements BatchOperator {
        private final Seen seen;
        private long watermark = Long.MIN_VALUE;
        private int task;

        Watching(Seen seen) {
            this.seen = seen;
        }

        @Override
        public void open(OperatorContext context) {
            task = context.taskIndex();
        }

        @Override
        public void process(Batch batch, Outbox out) {
            TimeStampVector times = (TimeStampVector) batch.column("event_time");
            for (int row = 0; row < batch.rowCount(); row++) {
                seen.late.addAndGet(times.get(row) < watermark ? 1 : 0);
            }
            seen.rows.addAndGet(batch.rowCount());
            out.emit(batch);
        }

        @Override
        public void onWatermark(Watermark mark, Outbox out) {
            assertThat(mark.micros()).as("it never goes back").isGreaterThanOrEqualTo(watermark);
            watermark = mark.micros();
            seen.steps.incrementAndGet();
            seen.last.put(task, watermark);
        }
    }

    private static Job job(Seen seen, Watermarks rule, int splits, int tasks) {
        return new Job("event_time")
                .addStage(Stage.of("in", GeneratorSource.mockEvents(EVENTS).splits(splits))
                        .parallelism(tasks)
                        .watermarks(rule))
                .addStage(Stage.of("by", KeyByOperator.columns("partition_key")).parallelism(tasks), "in")
                .addStage(Stage.operator("watch", () -> new Watching(seen)).parallelism(2), "by")
                .addStage(Stage.sink("out", new MemorySink()), "watch");
    }

    @ParameterizedTest
    @CsvSource({"1, 1, false", "2, 2, false", "7, 2, false", "7, 2, true", "3, 5, false", "9, 1, true"})
    void noRowIsLateThatIsNotOlderThanTheDelay(int splits, int tasks, boolean inOrder) throws Exception {
        Seen seen = new Seen();
        Watermarks rule = Watermarks.of("event_time").delay(DISORDER).splitsInOrder(inOrder);
        Job job = job(seen, rule, splits, tasks);
        JobRunner.run(job);
        assertThat(seen.rows).hasValue(EVENTS);
        assertThat(seen.late).as("late rows").hasValue(0);
        if (splits <= tasks || inOrder) {
            assertThat(seen.steps.get()).as("watermarks").isGreaterThan(1);
        }
        // Otherwise the last split may be read before anybody knows that it is the last, and no watermark comes.
        for (StageMetrics stage : job.getMetrics().stages()) {
            boolean untold = seen.last.isEmpty() && Set.of("watch", "out").contains(stage.stageId());
            assertThat(stage.eventTimes()).as(stage.stageId()).hasSize(untold ? 0 : stage.workerCount());
        }
        Map<Integer, Long> shown = new HashMap<>();
        for (EventTime time : job.getMetrics().stages().get(2).eventTimes()) {
            Instant watermark = time.watermark();
            if (watermark != null) {
                shown.put(time.task(), ChronoUnit.MICROS.between(Instant.EPOCH, watermark));
            }
        }
        assertThat(shown).as("as the metrics have it").isEqualTo(seen.last);
    }

    private static List<Row> counted(boolean watermarks, int splits, int tasks) throws Exception {
        MemorySink sink = new MemorySink();
        Stage in = Stage.of("in", GeneratorSource.mockEvents(EVENTS).splits(splits))
                .parallelism(tasks);
        Watermarks rule = Watermarks.of("event_time").delay(DISORDER).splitsInOrder(true);
        AggregateOperator count = AggregateOperator.by("partition_key")
                .window(Windows.sliding(Duration.ofSeconds(5), Duration.ofSeconds(2)))
                .aggregate(Aggregates.count().as("n"), Aggregates.sum("offset").as("sum"));
        Job job = new Job("windows")
                .addStage(watermarks ? in.watermarks(rule) : in)
                .addStage(Stage.of("count", count).parallelism(2), "in")
                .addStage(Stage.sink("out", sink), "count");
        JobMetrics metrics = JobRunner.run(job);
        assertThat(metrics.stages()).allMatch(stage -> stage.skippedRecords() == 0);
        return sink.rows();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "6, 2"})
    void windowsThatFireOnTheWayAreThoseOfTheWholeInput(int splits, int tasks) throws Exception {
        List<Row> onTheWay = counted(true, splits, tasks);
        assertThat(onTheWay).containsExactlyInAnyOrderElementsOf(counted(false, splits, tasks));
        assertThat(onTheWay).hasSizeGreaterThan(150);
    }

    @Test
    void rowsOlderThanTheDelayAreLate() throws Exception {
        Seen seen = new Seen();
        JobRunner.run(job(seen, Watermarks.of("event_time").delay(Duration.ofMillis(100)), 1, 1));
        assertThat(seen.late.get()).as("of rows up to a second out of order").isPositive();
    }

    @Test
    void aColumnThatTellsNoTimeIsRefusedBeforeAnythingRuns() {
        Seen seen = new Seen();
        assertThatThrownBy(() -> JobRunner.run(job(seen, Watermarks.of("event_typ"), 1, 1)))
                .hasMessageContaining("SOL-1202")
                .hasMessageContaining("event_type")
                .hasMessageContaining("stage 'in'");
        assertThatThrownBy(() -> JobRunner.run(job(seen, Watermarks.of("value"), 1, 1)))
                .hasMessageContaining("SOL-1201")
                .hasMessageContaining("stage 'in'");
        assertThat(seen.rows).hasValue(0);
    }

    @Test
    void onlySourcesMakeWatermarks() {
        assertThatThrownBy(() -> Stage.of("by", KeyByOperator.columns("a")).watermarks(Watermarks.of("t")))
                .hasMessageContaining("SOL-1111")
                .hasMessageContaining("only sources");
        assertThatThrownBy(() -> Watermarks.of("t").delay(Duration.ofMillis(-1)))
                .hasMessageContaining("delay");
        assertThatThrownBy(() -> Watermarks.of(" ")).hasMessageContaining("SOL-");
    }
}
