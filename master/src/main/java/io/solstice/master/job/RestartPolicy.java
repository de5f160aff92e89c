package io.solstice.master.job;

/**
 * How often a job may begin again before it is given up.
 *
 * @param attempts so many restarts ...
 * @param windowMillis ... within so long
 */
public record RestartPolicy(int attempts, long windowMillis) {
    public static final RestartPolicy DEFAULT = new RestartPolicy(10, 300_000);
}
