package io.solstice.worker.window;

/** Decides whether rows are aggregated before they are sent, by how many fewer that makes of them. */
final class Gain {
    /** So many rows show what it is worth. */
    static final int TRIAL_ROWS = 1 << 13;
    /** So many are sent as they are before it is tried again, and twice as many each time that it fails once more. */
    static final int LEAST_PAUSE_ROWS = 1 << 20;

    static final int MOST_PAUSE_ROWS = 1 << 24;

    private long rows;
    private long sent;
    private long pause;
    private long nextPause = LEAST_PAUSE_ROWS;

    /** Whether rows are to be aggregated now. */
    boolean isTried() {
        return pause <= 0;
    }

    /** Rows were sent as they are. */
    void passed(int count) {
        pause -= count;
    }

    /** Whether enough rows are held to see that it saves too little. */
    boolean isPoor(long held, int partials) {
        return rows + held >= TRIAL_ROWS && isPoorPart(sent + partials, rows + held);
    }

    /** A partial row is wider than one of the input, and the receiver has to take it apart. */
    private static boolean isPoorPart(long partials, long aggregated) {
        return partials * 2 > aggregated;
    }

    /** Rows were aggregated, and so many were sent for them. */
    void condensed(long aggregated, long partials) {
        rows += aggregated;
        sent += partials;
        if (rows < TRIAL_ROWS) {
            return;
        }
        if (isPoorPart(sent, rows)) {
            pause = nextPause;
            nextPause = Math.min(MOST_PAUSE_ROWS, 2 * nextPause);
        } else {
            nextPause = LEAST_PAUSE_ROWS;
        }
        rows = 0;
        sent = 0;
    }
}
