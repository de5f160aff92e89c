package io.solstice.worker.control;

/**
 * The patience of a worker with its master.
 *
 * @param heartbeatMillis between two heartbeats
 * @param silenceMillis a master that is silent for so long is taken for lost
 * @param firstRetryMillis the wait before the second attempt to connect; doubles from attempt to attempt
 * @param longestRetryMillis the longest such wait
 */
public record LinkTimes(long heartbeatMillis, long silenceMillis, long firstRetryMillis, long longestRetryMillis) {
    public static final LinkTimes DEFAULT = new LinkTimes(1_000, 4_000, 200, 5_000);
}
