package io.solstice.api;

/** Where a job is in its life, as users see it. */
public enum JobState {
    CREATED,
    PREPARING,
    RUNNING,
    COMMITTING,
    FAILING,
    CANCELLING,
    FINISHED,
    FAILED,
    CANCELLED;

    /** Nothing follows. */
    public boolean isTerminal() {
        return this == FINISHED || this == FAILED || this == CANCELLED;
    }
}
