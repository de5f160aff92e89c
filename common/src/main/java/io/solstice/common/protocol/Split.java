package io.solstice.common.protocol;

/**
 * A piece of a source: a Lance fragment, a file, a row group. The master hands splits out and never looks inside.
 *
 * @param id names the content and stays the same over restarts, for example {@code path#fragment}
 * @param payload what the source needs to find the piece again; only the source reads it
 * @param rows how many rows it is thought to hold, or -1
 * @param task the index of the one task that may have it, or {@link #ANY_TASK}
 */
public record Split(String id, String payload, long rows, int task) {
    public static final int ANY_TASK = -1;

    public Split(String id, String payload, long rows) {
        this(id, payload, rows, ANY_TASK);
    }

    /** One that only the task with this index may have. */
    public static Split of(int task, String id) {
        return new Split(id, "", -1, task);
    }
}
