package io.solstice.cli;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.JobMetrics;
import io.solstice.api.JobStatus;
import io.solstice.api.Solstice;
import io.solstice.api.StageMetrics;
import io.solstice.api.sink.PrintSink;
import io.solstice.common.protocol.JobState;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One job from its submission to the summary of its end. */
final class JobRun {
    private final Job job;
    private final ProgressStyle style;
    private final LiveScreen screen;
    private final Terminal terminal;
    private final AtomicReference<@Nullable JobHandle> running = new AtomicReference<>();

    JobRun(Job job, ProgressStyle style, LiveScreen screen, Terminal terminal) {
        this.job = job;
        this.style = style;
        this.screen = screen;
        this.terminal = terminal;
    }

    /** Runs the job to its end; what makes it fail is thrown. A job cancelled by a signal ended as asked. */
    ExitCode on(Solstice solstice) throws InterruptedException {
        Interrupts interrupts = Interrupts.handle(this::cancel);
        JobHandle handle = solstice.submit(job);
        running.set(handle);
        if (interrupts.requested()) {
            handle.cancel();
        }
        JobStatus end;
        try (Progress shown = Progress.show(handle, style, prints(), screen, terminal)) {
            end = handle.await();
        } finally {
            summarize(handle.getMetrics());
        }
        return end.state() == JobState.FINISHED || interrupts.requested() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void cancel() {
        JobHandle handle = running.get();
        if (handle != null) {
            handle.cancel();
        }
    }

    private boolean prints() {
        return job.stages().stream().anyMatch(stage -> stage.definition() instanceof PrintSink);
    }

    private void summarize(JobMetrics metrics) {
        terminal.out().flush();
        ProgressText.summary(metrics, terminal).forEach(terminal.err()::println);
        long skipped = metrics.stages().stream()
                .mapToLong(StageMetrics::skippedRecords)
                .sum();
        if (skipped > 0) {
            terminal.err()
                    .println(ProgressText.count(skipped) + " skipped records are in "
                            + job.stateBackend().deadLetters(metrics.jobId()));
        }
    }
}
