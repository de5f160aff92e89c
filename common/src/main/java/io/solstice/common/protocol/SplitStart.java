package io.solstice.common.protocol;

/**
 * A split and where its reading begins.
 *
 * @param rows how many rows of it are part of a checkpoint already, and are not delivered again
 */
public record SplitStart(Split split, long rows) {}
