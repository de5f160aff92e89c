package io.solstice.common.protocol;

/**
 * A piece of a source: a Lance fragment, a file, a row group. The master hands splits out and never looks inside.
 *
 * @param id names the content and stays the same over restarts, for example {@code path#fragment}
 * @param payload what the source needs to find the piece again; only the source reads it
 * @param rows how many rows it is thought to hold, or -1
 */
public record Split(String id, String payload, long rows) {}
