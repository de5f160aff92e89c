package io.solstice.common.protocol;

/**
 * How far event time has come in one task.
 *
 * @param watermark in microseconds since 1970-01-01 UTC, or {@link SplitStart#NO_TIME}
 * @param idle nothing has come for a while, so the task holds time back nowhere
 * @param holder what the task itself waits for, for people: the split that it reads, or splits that are not read yet;
 *     empty for a task that reads from others
 * @param group of the sources whose times are to stay together; empty for none
 * @param reached how far the split has come that a task of such a group reads; {@link SplitStart#NO_TIME} before it has
 *     read any, and {@link Long#MAX_VALUE} while the others need not wait for it
 */
public record TaskTime(long watermark, boolean idle, String holder, String group, long reached) {
    public static final TaskTime UNKNOWN = new TaskTime(SplitStart.NO_TIME, false, "");

    /** Of a task that is in no group. */
    public TaskTime(long watermark, boolean idle, String holder) {
        this(watermark, idle, holder, "", SplitStart.NO_TIME);
    }

    /** Of a stage further down in the task. */
    public TaskTime withoutHolder() {
        return holder.isEmpty() && group.isEmpty() ? this : new TaskTime(watermark, idle, "");
    }
}
