package io.solstice.worker.userstate;

import io.solstice.exchange.batch.Batch;

/**
 * A table with rows of the state, of which each is the newest of its key or out of date. They never change, so that a
 * checkpoint writes them while they are read. Used by the task's thread, but for what it shares.
 */
final class Run implements AutoCloseable {
    /** Unlike that of every other run of the table, before or after. */
    final long number;

    private Batch table;
    private SavedStates states;
    private boolean inFile;
    private final int[] keys;
    /** No state in it has been written after this, in milliseconds since 1970-01-01 UTC. */
    private final long newestMillis;
    /** How many rows are the newest of their keys. */
    private int live;

    /** Takes over the table. @param keys whose the rows are */
    Run(long number, Batch table, SavedStates states, int[] keys, long newestMillis) {
        this.newestMillis = newestMillis;
        this.number = number;
        this.table = table;
        this.states = states;
        this.keys = keys;
    }

    int rows() {
        return keys.length;
    }

    long newestMillis() {
        return newestMillis;
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

    /** Whether its memory is that of the file system. */
    boolean isInFile() {
        return inFile;
    }

    /** Takes over the same rows in a file. */
    void moveTo(Batch copy, SavedStates copied) {
        table.close();
        table = copy;
        states = copied;
        inFile = true;
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
