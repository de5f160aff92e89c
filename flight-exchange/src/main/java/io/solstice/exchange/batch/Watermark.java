package io.solstice.exchange.batch;

/**
 * Event time has reached this moment: earlier rows are late.
 *
 * @param micros microseconds since 1970-01-01 UTC
 */
public record Watermark(long micros) implements StreamElement {}
