package io.solstice.master.cluster;

/**
 * A line of a job's log.
 *
 * @param wallMillis when it happened, since 1970-01-01 UTC
 */
public record LogLine(long wallMillis, Level level, String text) {
    /** How much it matters. */
    public enum Level {
        INFO,
        WARN,
        ERROR
    }
}
