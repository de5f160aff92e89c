package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.time.Watermarks;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobState;
import io.solstice.exchange.batch.Batch;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.vector.TimeStampVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sources whose times stay together, in one process and on two workers. */
@Timeout(60)
class AlignmentTest {
    /** Mock events are a millisecond apart, up to a second out of order, and come in batches of 8,192. */
    private static final int FAST = 120_000;

    private static final int SLOW = 30_000;
    private static final Duration DRIFT = Duration.ofSeconds(3);

    private final AtomicLong fastest = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();
    private final AtomicLong slowRows = new AtomicLong();
    private final AtomicLong furthestAhead = new AtomicLong(Long.MIN_VALUE);

    /** Tells the newest time that went by. */
    private record Watching(AlignmentTest test, boolean fast) implements BatchOperator {
        @Override
        public void process(Batch batch, Outbox out) {
            TimeStampVector times = (TimeStampVector) batch.column("event_time");
            long newest = Long.MIN_VALUE;
            for (int row = 0; row < batch.rowCount(); row++) {
                newest = Math.max(newest, times.get(row));
            }
            AtomicLong place = fast ? test.fastest : test.slowest;
            long reached = newest;
            place.accumulateAndGet(reached, Math::max);
            if (!fast) {
                test.slowRows.addAndGet(batch.rowCount());
            } else if (test.slowRows.get() > 0 && test.slowRows.get() < SLOW) {
                test.furthestAhead.accumulateAndGet(reached - test.slowest.get(), Math::max);
            }
            out.emit(batch);
        }
    }

    private static Watermarks aligned() {
        return Watermarks.of("event_time").delay(Duration.ofSeconds(1)).align("both", DRIFT);
    }

    private Job job(MemorySink out, int tasks, int splits) {
        return new Job("aligned")
                .addStage(Stage.of("fast", GeneratorSource.mockEvents(FAST).splits(splits))
                        .parallelism(tasks)
                        .watermarks(aligned()))
                .addStage(Stage.of("slow", GeneratorSource.mockEvents(SLOW).rowsPerSecond(15_000))
                        .watermarks(aligned()))
                .addStage(
                        Stage.operator("fast_seen", () -> new Watching(this, true))
                                .parallelism(tasks),
                        "fast")
                .addStage(Stage.operator("slow_seen", () -> new Watching(this, false)), "slow")
                .addStage(Stage.sink("out", out), "fast_seen", "slow_seen");
    }

    private void assertTogether(MemorySink out) {
        assertThat(out.rows()).hasSize(FAST + SLOW);
        assertThat(fastest.get() - slowest.get()).as("in the end").isGreaterThan(80_000_000);
        // The drift, a batch that was begun within it, and what the slow one has read and not handed on.
        assertThat(furthestAhead.get()).isBetween(1_000_000L, 20_000_000L);
    }

    @Test
    void aFastSourceWaitsForASlowOneInOneProcess() throws Exception {
        MemorySink out = new MemorySink();
        JobRunner.run(job(out, 1, 1));
        assertTogether(out);
    }

    @Test
    void aFastSourceWaitsForASlowOneOnAnotherWorker() throws Exception {
        MemorySink out = new MemorySink();
        try (FlightCluster cluster = new FlightCluster()) {
            JobSnapshot end = cluster.submit(job(out, 1, 1)).end().get(50, TimeUnit.SECONDS);
            assertThat(end.state()).as("%s", end.error()).isEqualTo(JobState.FINISHED);
        }
        assertTogether(out);
    }

    /** Tasks that get no split, and splits that begin earlier than those before them, hold nobody up for good. */
    @Test
    void splitsInAnyOrderAreReadToTheEnd() throws Exception {
        MemorySink out = new MemorySink();
        JobRunner.run(job(out, 3, 5));
        assertThat(out.rows()).hasSize(FAST + SLOW);
    }

    @Test
    void whatWouldWaitForEachOtherIsRefused() {
        Job job = new Job("stuck")
                .addStage(Stage.of("left", GeneratorSource.mockEvents(9)).watermarks(aligned()))
                .addStage(Stage.of("right", GeneratorSource.mockEvents(9)).watermarks(aligned()))
                .addStage(Stage.of("joined", JoinOperator.inner("left", "right").on("offset")), "left", "right")
                .addStage(Stage.sink("out", new MemorySink()), "joined");
        assertThatThrownBy(() -> JobRunner.run(job))
                .hasMessageContaining("would wait for each other")
                .hasMessageContaining("stage 'joined'");
        assertThatThrownBy(() -> Watermarks.of("t").align(" ", DRIFT)).hasMessageContaining("SOL-1603");
        assertThatThrownBy(() -> Watermarks.of("t").align("g", Duration.ZERO)).hasMessageContaining("SOL-1602");
    }
}
