package io.solstice.worker.join;

/** Rows of one input, numbered from 0 in the order in which they came; some may have gone. */
interface NumberedRows {
    int size();

    boolean isThere(int row);

    void save(int row, SavedRows into);
}
