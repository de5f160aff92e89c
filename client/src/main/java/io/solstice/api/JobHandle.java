package io.solstice.api;

import java.time.Duration;
import java.util.List;

/** A submitted job. All methods may be called from any thread, also after the job has ended. */
public interface JobHandle {
    /** So many checkpoints stay where nobody says how many. */
    int DEFAULT_KEPT_CHECKPOINTS = 5;

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

    /**
     * Takes a checkpoint now, besides those that the job takes by itself, and waits until its output has been published.
     *
     * @return its id, to restore from
     * @throws io.solstice.common.error.SolsticeException {@code JOB_STATE} while the job does not run or another one is in
     *     progress, {@code CHECKPOINT_FAILED} if it was given up; the job goes on
     */
    String triggerCheckpoint();

    /**
     * Lets the job take a last checkpoint and end with it, FINISHED: nothing is read after it, and its output is
     * published. Waits for that end.
     *
     * @return its id; a job that begins with it goes on as if it had never been stopped
     */
    String stopWithSavepoint();

    /** The ids of the checkpoints that the job can begin with, oldest first. */
    List<String> listCheckpoints();

    /**
     * Deletes all but the newest so many checkpoints, and what only they need. Whatever a running job may begin again
     * from stays.
     *
     * @return the ids of those that are gone
     */
    List<String> cleanupCheckpoints(int keepLast);

    /** Like {@link #cleanupCheckpoints(int)}, keeping five. */
    default List<String> cleanupCheckpoints() {
        return cleanupCheckpoints(DEFAULT_KEPT_CHECKPOINTS);
    }
}
