package io.solstice.common.protocol;

/**
 * Where a run of a job is in its life.
 *
 * <pre>
 * CREATED -> PREPARING -> SCHEDULING -> DEPLOYING -> RUNNING -> COMMITTING -> FINISHED
 *              ^   |          ^             |           |            |
 *              |   v          |             v           v            v
 *              +--------- RESTARTING <------+-----------+------------+
 *
 * each but COMMITTING -> CANCELLING -> CANCELLED
 * each                -> FAILING    -> FAILED
 * </pre>
 *
 * A job that a master has not brought to RUNNING is RESTARTING under the next. One whose last commit has begun can no
 * longer be cancelled. One whose tasks fail while it is being cancelled still ends CANCELLED: nothing more of it is
 * published either way.
 */
public enum JobState {
    /** Waits for a worker that can prepare it. */
    CREATED,
    /** A worker checks it against the outside world. */
    PREPARING,
    /** Waits for room for all of its tasks. */
    SCHEDULING,
    /** Its tasks are being made. */
    DEPLOYING,
    RUNNING,
    /** All tasks have ended well; what they sealed is being published. */
    COMMITTING,
    /** Something failed that may pass: what is left of it ends, and it begins again where its newest checkpoint is. */
    RESTARTING,
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
            case CREATED -> next == PREPARING || next == FAILING || next == CANCELLING;
            case PREPARING -> next == SCHEDULING || next == RESTARTING || next == FAILING || next == CANCELLING;
            case SCHEDULING -> next == DEPLOYING || next == RESTARTING || next == FAILING || next == CANCELLING;
            case DEPLOYING -> next == RUNNING || next == RESTARTING || next == FAILING || next == CANCELLING;
            case RUNNING -> next == COMMITTING || next == RESTARTING || next == FAILING || next == CANCELLING;
            case COMMITTING -> next == FINISHED || next == RESTARTING || next == FAILING;
            case RESTARTING -> next == PREPARING || next == SCHEDULING || next == FAILING || next == CANCELLING;
            case FAILING -> next == FAILED;
            case CANCELLING -> next == CANCELLED;
            case FINISHED, FAILED, CANCELLED -> false;
        };
    }
}
