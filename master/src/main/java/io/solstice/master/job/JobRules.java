package io.solstice.master.job;

/**
 * What jobs are led by.
 *
 * @param term of the master
 * @param checkpointTimeoutMillis a checkpoint that not all tasks have answered by then is given up
 * @param retainedCheckpoints how many completed checkpoints of a job are kept
 */
public record JobRules(long term, RestartPolicy restarts, long checkpointTimeoutMillis, int retainedCheckpoints) {
    public static final long CHECKPOINT_TIMEOUT_MILLIS = 60_000;
    public static final int RETAINED_CHECKPOINTS = 5;
}
