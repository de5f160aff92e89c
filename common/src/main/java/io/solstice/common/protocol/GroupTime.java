package io.solstice.common.protocol;

import io.solstice.common.id.RunId;

/**
 * How far tasks of a group of sources have come.
 *
 * @param tasks of how many it is known
 * @param least of the slowest, in microseconds since 1970-01-01 UTC; {@link SplitStart#NO_TIME} if one of them has read
 *     nothing yet, and {@link Long#MAX_VALUE} if there is none to wait for
 */
public record GroupTime(RunId run, String group, int tasks, long least) {}
