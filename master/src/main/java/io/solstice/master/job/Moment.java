package io.solstice.master.job;

/**
 * The time at which something happens.
 *
 * @param wallMillis since 1970-01-01 UTC, to be shown and kept; may jump
 * @param steadyMillis since some moment, to measure with; never goes back
 */
public record Moment(long wallMillis, long steadyMillis) {}
