package io.solstice.worker.control;

/**
 * Where the connection to the master is in its life.
 *
 * <pre>
 * AWAY -> OPENING -> JOINED -> LEFT
 *   ^        |          |
 *   +--------+----------+      (and from each to LEFT)
 * </pre>
 */
public enum LinkPhase {
    /** Waits for the moment of the next attempt. */
    AWAY,
    /** Registers; the master has not answered. */
    OPENING,
    /** The master knows the worker. */
    JOINED,
    /** The worker ends, and does not come back. */
    LEFT;

    /** The one list of legal moves. */
    public boolean mayBecome(LinkPhase next) {
        return switch (this) {
            case AWAY -> next == OPENING || next == LEFT;
            case OPENING -> next == JOINED || next == AWAY || next == LEFT;
            case JOINED -> next == AWAY || next == LEFT;
            case LEFT -> false;
        };
    }
}
