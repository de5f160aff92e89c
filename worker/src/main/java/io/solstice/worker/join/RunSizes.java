package io.solstice.worker.join;

/**
 * When rows leave the heap, and in what portions; tests make all of it small.
 *
 * @param leastBytes a table with less is not made a run, since there would be too many
 * @param always whether tables of that size are made runs although there is room
 * @param batchRows of a run, at most
 * @param generation so many runs of about one size are merged
 * @param waitRows so many rows wait for each other, for a short time, to be looked up together: what is looked for then
 *     lies near what was found
 * @param meetRows so many rows of runs at most are brought to memory at once to meet those of the other input
 */
record RunSizes(long leastBytes, boolean always, int batchRows, int generation, int waitRows, int meetRows) {
    static final RunSizes USUAL = new RunSizes(4L << 20, false, JoinedRows.ROWS, 16, 1 << 16, 1 << 16);
}
