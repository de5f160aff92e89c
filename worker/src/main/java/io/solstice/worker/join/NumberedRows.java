package io.solstice.worker.join;

/** Rows of one input, numbered from 0 in the order in which they came; some may have gone. */
interface NumberedRows {
    int size();

    boolean isThere(int row);

    /** How many of some are there; asked for all of them at each cut. */
    int count(int from, int to);

    void save(int row, SavedRows into);
}
