package io.solstice.common.protocol;

/**
 * A split and where its reading begins.
 *
 * @param rows how many rows of it are part of a checkpoint already, and are not delivered again
 * @param watermark how far event time had come in it by then, in microseconds since 1970-01-01 UTC, or {@link #NO_TIME}
 */
public record SplitStart(Split split, long rows, long watermark) {
    /** Nothing is known of event time. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** From its first row. */
    public static SplitStart fresh(Split split) {
        return new SplitStart(split, 0, NO_TIME);
    }
}
