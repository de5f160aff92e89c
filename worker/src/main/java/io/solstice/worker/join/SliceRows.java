package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The rows of one input in one slice of time: batches, of which the first may lie in files. */
final class SliceRows implements NumberedRows, AutoCloseable {
    /** Rows of slices that have fewer are saved together, since a table for each would be many small ones. */
    private static final int FEW = 1024;

    private final long start;
    private final List<Batch> batches = new ArrayList<>();
    private final RowPieces pieces = new RowPieces();
    private int inFiles;
    private int size;
    /** Where the row was that was saved last: the number of its batch, and of the first row of that. */
    private int at;

    private int atFirst;

    SliceRows(long start) {
        this.start = start;
    }

    /** Takes over the rows. */
    void add(Batch rows) {
        batches.add(rows);
        size += rows.rowCount();
    }

    List<Batch> batches() {
        return batches;
    }

    List<Batch> inMemory() {
        return batches.subList(inFiles, batches.size());
    }

    /** Closes those in memory, of which the next so many are copies in files. */
    void moved(Iterator<Batch> copies) {
        for (; inFiles < batches.size(); inFiles++) {
            Batch before = batches.set(inFiles, copies.next());
            before.close();
        }
    }

    boolean areFew() {
        return size < FEW;
    }

    void save(SavedRows.Shape shape, Saving into) {
        pieces.save(this, shape, into);
    }

    /** Takes over rows that are all that a checkpoint had in one table. @return the name of that */
    Object load(Batch rows) {
        int first = size;
        add(rows);
        return pieces.loaded(first, size);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isThere(int row) {
        return true;
    }

    @Override
    public int count(int from, int to) {
        return to - from;
    }

    @Override
    public void save(int row, SavedRows into) {
        if (row < atFirst) {
            at = 0;
            atFirst = 0;
        }
        while (row - atFirst >= batches.get(at).rowCount()) {
            atFirst += batches.get(at++).rowCount();
        }
        into.add(batches.get(at), row - atFirst, start, false);
    }

    @Override
    public void close() {
        batches.forEach(Batch::close);
    }
}
