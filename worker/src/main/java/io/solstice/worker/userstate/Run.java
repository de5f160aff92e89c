package io.solstice.worker.userstate;

import io.solstice.exchange.batch.Batch;

/**
 * A table with rows of the state, of which each is the newest of its key or out of date. It never changes, so that a
 * checkpoint writes it while it is read. Used by the task's thread, but for what it shares.
 */
final class Run implements AutoCloseable {
    /** Unlike that of every other run of the table, before or after. */
    final long number;

    private final Batch table;
    private final SavedStates states;
    private final int[] keys;
    /** How many rows are the newest of their keys. */
    private int live;

    /** Takes over the table. @param keys whose the rows are */
    Run(long number, Batch table, SavedStates states, int[] keys) {
        this.number = number;
        this.table = table;
        this.states = states;
        this.keys = keys;
    }

    int rows() {
        return keys.length;
    }

    int live() {
        return live;
    }

    void addLive(int more) {
        live += more;
    }

    int key(int row) {
        return keys[row];
    }

    /** The keys have other numbers from now on; of those that have none the rows are out of date. */
    void renumber(int[] numbers) {
        for (int row = 0; row < keys.length; row++) {
            keys[row] = keys[row] < 0 ? keys[row] : numbers[keys[row]];
        }
    }

    Batch table() {
        return table;
    }

    SavedStates states() {
        return states;
    }

    @Override
    public void close() {
        table.close();
    }
}
