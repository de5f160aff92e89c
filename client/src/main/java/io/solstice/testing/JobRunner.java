package io.solstice.testing;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.JobMetrics;
import io.solstice.api.Solstice;
import java.time.Duration;

/** Runs whole jobs in this process, to their end. */
public final class JobRunner {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private JobRunner() {}

    /**
     * Runs the job on an engine of its own and waits for its end, at most two minutes; then checks that no off-heap
     * byte is left.
     *
     * @return the job's last metrics
     * @throws io.solstice.common.error.SolsticeException the job's own error if it failed
     */
    public static JobMetrics run(Job job) throws InterruptedException {
        try (Solstice solstice = Solstice.embedded()) {
            JobHandle handle = solstice.submit(job);
            try {
                handle.await(PATIENCE);
            } finally {
                if (handle.getStatus().isRunning()) {
                    handle.cancel();
                }
            }
            JobMetrics metrics = handle.getMetrics();
            if (metrics.memoryBytes() != 0) {
                throw new AssertionError("job " + job.id() + " left " + metrics.memoryBytes() + " bytes off heap");
            }
            return metrics;
        }
    }
}
