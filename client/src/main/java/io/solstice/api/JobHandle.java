package io.solstice.api;

import java.time.Duration;

/** A submitted job. All methods may be called from any thread, also after the job has ended. */
public interface JobHandle {
    String jobId();

    JobStatus getStatus();

    JobMetrics getMetrics();

    /**
     * Waits for the end of the job and of everything it holds: tasks, memory, staged files.
     *
     * @return the last status, of a job that FINISHED or was CANCELLED
     * @throws io.solstice.common.error.SolsticeException the job's own error if it FAILED
     * @throws InterruptedException if the waiting thread was interrupted; the job goes on
     */
    JobStatus await() throws InterruptedException;

    /** Like {@link #await()}, but gives up after the given time with {@code TIMED_OUT}; the job goes on. */
    JobStatus await(Duration timeout) throws InterruptedException;

    /** Asks the job to end without publishing anything. Returns at once; does nothing to a job that has ended. */
    void cancel();
}
