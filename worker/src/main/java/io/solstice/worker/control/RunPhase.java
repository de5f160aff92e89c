package io.solstice.worker.control;

/**
 * Where a run is in its life on one worker. Which part of it a worker sees depends on what the master chose it for.
 *
 * <pre>
 * NEW -> PREPARING -> PREPARED -> DEPLOYING -> DEPLOYED -> RUNNING -> ENDED
 *  |                                  ^ |            |          |        ^
 *  +----------------------------------+ +------------+----------+-> CANCELLING
 * </pre>
 *
 * PREPARING may also become CANCELLING. Tasks that begin again while others go on change nothing here, unless none was
 * left: ENDED becomes DEPLOYING again then. Everything becomes RELEASING, after which the worker knows nothing of the run.
 * Output is published beside all this, at any time before.
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
    RELEASING;

    /** The one list of legal moves. */
    public boolean mayBecome(RunPhase next) {
        if (next == RELEASING) {
            return this != RELEASING;
        }
        return switch (this) {
            case NEW -> next == PREPARING || next == DEPLOYING;
            case PREPARING -> next == PREPARED || next == CANCELLING;
            case PREPARED -> next == DEPLOYING;
            case DEPLOYING -> next == DEPLOYED || next == CANCELLING || next == ENDED;
            case DEPLOYED -> next == RUNNING || next == CANCELLING || next == ENDED;
            case RUNNING -> next == CANCELLING || next == ENDED;
            case CANCELLING -> next == ENDED;
            case ENDED -> next == DEPLOYING;
            case RELEASING -> false;
        };
    }
}
