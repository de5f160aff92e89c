package io.solstice.cli;

import io.solstice.api.JobHandle;
import io.solstice.api.JobMetrics;
import io.solstice.api.JobStatus;
import io.solstice.api.StageMetrics;

/**
 * What one terminal shows of a job: its progress, then the summary of its end.
 *
 * @param prints whether the job writes rows to this process's standard output
 * @param here whether the job runs in this process
 * @param deadLetters where skipped records are kept, in words
 */
record JobView(
        ProgressStyle style, LiveScreen screen, Terminal terminal, boolean prints, boolean here, String deadLetters) {

    /** Shows a job until it has ended; what makes it fail is thrown, after the summary. */
    JobStatus untilEnd(JobHandle handle) throws InterruptedException {
        JobStatus end;
        try (Progress shown = Progress.show(handle, this)) {
            end = handle.await();
        } finally {
            if (!handle.getStatus().isRunning()) {
                summarize(handle.getMetrics());
            }
        }
        return end;
    }

    void summarize(JobMetrics metrics) {
        terminal.out().flush();
        ProgressText.summary(metrics, terminal).forEach(terminal.err()::println);
        long skipped = metrics.stages().stream()
                .mapToLong(StageMetrics::skippedRecords)
                .sum();
        if (skipped > 0) {
            terminal.err().println(ProgressText.count(skipped) + " skipped records are in " + deadLetters);
        }
    }
}
