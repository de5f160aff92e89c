package io.solstice.common.protocol;

/**
 * How far a source task had read a split, of several that it reads at the same time.
 *
 * @param finished whether to its end
 * @param rows how many of its rows, counted from its first one
 * @param watermark how far event time had come in it, or {@link SplitStart#NO_TIME}
 */
public record SplitPosition(boolean finished, long rows, long watermark) {}
