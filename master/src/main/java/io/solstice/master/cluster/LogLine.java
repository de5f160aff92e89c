package io.solstice.master.cluster;

/**
 * A line of a job's log.
 *
 * @param number counts the lines of the job from 0
 * @param wallMillis when it happened, since 1970-01-01 UTC
 */
public record LogLine(long number, long wallMillis, Level level, String text) {
    /** How much it matters. */
    public enum Level {
        INFO,
        WARN,
        ERROR
    }
}
