package io.solstice.common.protocol;

/**
 * Where a job is in its life.
 *
 * <pre>
 * CREATED -> PREPARING -> RUNNING -> COMMITTING -> FINISHED
 *                |           |           |
 *                +-----------+-----------+--> FAILING    -> FAILED
 *                +-----------+--------------> CANCELLING -> CANCELLED
 * </pre>
 *
 * A job whose commit has begun can no longer be cancelled. One whose tasks fail while it is being cancelled still ends
 * CANCELLED: nothing of it is published either way.
 */
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

    /** The one list of legal moves. */
    public boolean mayBecome(JobState next) {
        return switch (this) {
            case CREATED -> next == PREPARING;
            case PREPARING -> next == RUNNING || next == FAILING || next == CANCELLING;
            case RUNNING -> next == COMMITTING || next == FAILING || next == CANCELLING;
            case COMMITTING -> next == FINISHED || next == FAILING;
            case FAILING -> next == FAILED;
            case CANCELLING -> next == CANCELLED;
            case FINISHED, FAILED, CANCELLED -> false;
        };
    }
}
