package io.solstice.worker.window;

/** Decides whether rows are aggregated before they are sent, by how many fewer that has lately made of them. */
final class Gain {
    /** So many rows show what it is worth. */
    static final int TRIAL_ROWS = 1 << 15;
    /** So many are sent as they are before it is tried again: a trial that fails costs some 3 % of the rows. */
    static final int PAUSE_ROWS = 1 << 20;

    private long rows;
    private long sent;
    private long pause;

    boolean isTried() {
        return pause <= 0;
    }

    /** Rows were sent as they are. */
    void passed(int count) {
        pause -= count;
    }

    /** Rows were aggregated, and so many were sent for them. */
    void condensed(long aggregated, long partials) {
        rows += aggregated;
        sent += partials;
        if (rows >= TRIAL_ROWS) {
            // A partial row is wider than one of the input, and the receiver has to take it apart.
            pause = sent * 2 > rows ? PAUSE_ROWS : 0;
            rows = 0;
            sent = 0;
        }
    }
}
