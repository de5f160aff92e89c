package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.api.Job;
import io.solstice.api.Runner;
import io.solstice.api.Stage;
import io.solstice.api.sink.CustomSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobState;
import io.solstice.testing.MemorySink;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The documented verbs of a runner, in one process. */
class RunnerTest {
    private static Job counting(long rows, MemorySink sink) {
        return new Job("counting")
                .addStage(Stage.of("in", GeneratorSource.numbers(1, rows).rowsPerSecond(10_000)))
                .addStage(Stage.of("out", new CustomSink(sink)), "in");
    }

    @Test
    void runsAJobFromItsBeginningToItsEnd() throws InterruptedException {
        MemorySink sink = new MemorySink();
        Job job = counting(100, sink);
        try (Runner runner = job.createRunner()) {
            assertThat(runner.isInitialized()).isFalse();
            assertThat(runner.getStatus().toMap()).containsEntry("initialized", false);
            runner.initialize();
            runner.initialize();
            assertThat(runner.isInitialized()).isTrue();
            assertThat(runner.isRunning()).isFalse();
            runner.run();
            assertThat(runner.waitForCompletion(Duration.ofMinutes(1)).state()).isEqualTo(JobState.FINISHED);
            assertThat(runner.getMetrics().toMap()).containsEntry("is_running", false);
            assertThat(job.getStatus().state()).isEqualTo(JobState.FINISHED);
            runner.stop();
        }
        assertThat(sink.rows()).hasSize(100);
    }

    @Test
    void stopsAJobThatWouldGoOn() throws InterruptedException {
        Runner runner = counting(Long.MAX_VALUE / 2, new MemorySink()).createRunner();
        runner.run();
        SolsticeException late =
                catchThrowableOfType(SolsticeException.class, () -> runner.waitForCompletion(Duration.ofMillis(10)));
        assertThat(late.code()).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(runner.isRunning()).isTrue();
        runner.shutdown();
        assertThat(runner.isRunning()).isFalse();
        assertThat(runner.getStatus().state()).isEqualTo(JobState.CANCELLED);
        assertThatThrownBy(runner::run).hasMessageContaining("SOL-4108");
    }

    @Test
    void refusesABadGraphWhenItIsInitialized() {
        Runner runner = new Job("loose")
                .addStage(Stage.of("in", GeneratorSource.numbers(1, 2)))
                .createRunner();
        assertThatThrownBy(runner::initialize).hasMessageContaining("SOL-1102");
        assertThat(runner.isInitialized()).isFalse();
        assertThatThrownBy(runner::waitForCompletion).hasMessageContaining("SOL-4105");
    }
}
