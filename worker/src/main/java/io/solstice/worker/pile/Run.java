package io.solstice.worker.pile;

import io.solstice.exchange.batch.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Keys with what has been aggregated of some of their rows, each key once, in the order of the keys' parts. Never
 * changes, so that a checkpoint writes it while it is read. Used by the task's thread, but for what it shares.
 */
public final class Run implements AutoCloseable {
    /** Unlike that of every other run of the operator. */
    final long number;

    /** Runs of one generation have different keys; those of a later one have what came later. */
    private int generation;

    private Batch table;
    private final int firstPart;
    /** Where each part begins, from the first one there is, and the end of the last. */
    private final int[] starts;

    private @Nullable RunPiece piece;
    private boolean replaced;
    private boolean closed;

    /** Takes over the table. */
    Run(long number, int generation, Batch table, int firstPart, int[] starts) {
        this.number = number;
        this.generation = generation;
        this.table = table;
        this.firstPart = firstPart;
        this.starts = starts;
    }

    int generation() {
        return generation;
    }

    void setGeneration(int other) {
        generation = other;
    }

    /** That it was last written in, or null. */
    @Nullable
    RunPiece piece() {
        return piece;
    }

    void setPiece(RunPiece in) {
        piece = in;
    }

    /** Whether another run has what it had. */
    boolean isReplaced() {
        return replaced;
    }

    void replace() {
        replaced = true;
    }

    boolean isClosed() {
        return closed;
    }

    Batch table() {
        return table;
    }

    int rows() {
        return table.rowCount();
    }

    int firstPart() {
        return firstPart;
    }

    int endPart() {
        return firstPart + starts.length - 1;
    }

    /** The first row of a part, or of one after it. */
    int startOf(int part) {
        int at = part - firstPart;
        return at <= 0 ? 0 : starts[Math.min(at, starts.length - 1)];
    }

    /** About how much it takes as a table that rows are added to. */
    long heapBytes() {
        return table.byteSize() * 3 + 48L * rows();
    }

    /** Takes over the same rows in a file. */
    void moveTo(Batch copy) {
        table.close();
        table = copy;
    }

    @Override
    public void close() {
        closed = true;
        table.close();
    }
}
