package io.solstice.worker.control;

/**
 * Where a run is in its life on one worker. Which part of it a worker sees depends on what the master chose it for.
 *
 * <pre>
 * NEW -> PREPARING -> PREPARED -> DEPLOYING -> DEPLOYED -> RUNNING -> ENDED -> COMMITTING -> COMMITTED
 *  |                     |            |            |          |         ^          ^
 *  |                     |            +------------+----------+-> CANCELLING       |
 *  +---------------------+---------------------------------------------------------+
 * </pre>
 *
 * NEW may also become DEPLOYING, PREPARING may become CANCELLING, and everything becomes RELEASING, after which the
 * worker knows nothing of the run.
 */
public enum RunPhase {
    NEW,
    PREPARING,
    /** The preparation has been answered, well or not. */
    PREPARED,
    DEPLOYING,
    /** Its tasks are there and may not begin yet. */
    DEPLOYED,
    RUNNING,
    CANCELLING,
    /** None of its tasks is alive. */
    ENDED,
    COMMITTING,
    /** The commit has been answered, well or not. */
    COMMITTED,
    RELEASING;

    /** The one list of legal moves. */
    public boolean mayBecome(RunPhase next) {
        if (next == RELEASING) {
            return this != RELEASING;
        }
        return switch (this) {
            case NEW -> next == PREPARING || next == DEPLOYING || next == COMMITTING;
            case PREPARING -> next == PREPARED || next == CANCELLING;
            case PREPARED -> next == DEPLOYING || next == COMMITTING;
            case DEPLOYING -> next == DEPLOYED || next == CANCELLING || next == ENDED;
            case DEPLOYED -> next == RUNNING || next == CANCELLING || next == ENDED;
            case RUNNING -> next == CANCELLING || next == ENDED;
            case CANCELLING -> next == ENDED;
            case ENDED -> next == COMMITTING;
            case COMMITTING -> next == COMMITTED;
            case COMMITTED, RELEASING -> false;
        };
    }
}
