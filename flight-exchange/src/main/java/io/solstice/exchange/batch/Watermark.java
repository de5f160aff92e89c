package io.solstice.exchange.batch;

/**
 * Event time has reached this moment: earlier rows are late.
 *
 * @param micros microseconds since 1970-01-01 UTC
 */
public record Watermark(long micros) implements StreamElement {
    /** Before anything is known of event time. */
    public static final long NONE = Long.MIN_VALUE;
}
