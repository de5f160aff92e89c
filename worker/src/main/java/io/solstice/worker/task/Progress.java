package io.solstice.worker.task;

/** What one step of a task came to. */
public enum Progress {
    /** Something was done; step again. */
    MADE,
    /** Nothing can be done before somebody wakes the task. */
    BLOCKED,
    /** Nothing is left to do. */
    DONE
}
