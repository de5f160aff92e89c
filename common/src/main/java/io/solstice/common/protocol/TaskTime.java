package io.solstice.common.protocol;

/**
 * How far event time has come in one task.
 *
 * @param watermark in microseconds since 1970-01-01 UTC, or {@link SplitStart#NO_TIME}
 * @param idle nothing has come for a while, so the task holds time back nowhere
 * @param holder what the task itself waits for, for people: the split that it reads, or splits that are not read yet;
 *     empty for a task that reads from others
 */
public record TaskTime(long watermark, boolean idle, String holder) {
    public static final TaskTime UNKNOWN = new TaskTime(SplitStart.NO_TIME, false, "");

    /** Of a stage further down in the task. */
    public TaskTime withoutHolder() {
        return holder.isEmpty() ? this : new TaskTime(watermark, idle, "");
    }
}
