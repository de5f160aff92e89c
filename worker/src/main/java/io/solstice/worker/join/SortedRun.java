package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one input in the order of their keys' hashes, in mapped files: a row is found by searching the first hashes
 * of the batches, then those of one batch. Nothing of it is on the heap but two numbers for each batch, and a bit for each
 * row if it matters who has met a partner. Rows never go. Used by the task's thread.
 */
final class SortedRun implements NumberedRows, AutoCloseable {
    /** The rows' columns, and behind them the hash of the key. */
    private final List<Batch> batches;
    /** Of each batch but the last, which may have fewer. */
    private final int batchRows;

    private final int size;
    /** Each batch's first hash. */
    private final int[] hashes;
    /** Where each batch's hashes are. */
    private final long[] addresses;
    /** Of each row, whether it has met a partner; null if nobody asks. */
    private final @Nullable BitSet matched;

    private final int generation;
    private final RowPieces pieces = new RowPieces();
    /** Names of tables that have just these rows, in another order; null if there are none. */
    private @Nullable List<Object> inherited;

    /**
     * Takes over the batches, of which none is empty, and all but the last have equally many rows.
     *
     * @param generation how often its rows have been merged
     * @param inherited names of tables that have just these rows, or null
     */
    SortedRun(List<Batch> batches, @Nullable BitSet matched, int generation, @Nullable List<Object> inherited) {
        this.batches = batches;
        this.matched = matched;
        this.generation = generation;
        this.inherited = inherited;
        batchRows = batches.get(0).rowCount();
        size = (batches.size() - 1) * batchRows
                + batches.get(batches.size() - 1).rowCount();
        hashes = new int[batches.size()];
        addresses = new long[batches.size()];
        for (int i = 0; i < hashes.length; i++) {
            Batch batch = batches.get(i);
            addresses[i] = batch.column(batch.columnCount() - 1).getDataBuffer().memoryAddress();
            hashes[i] = hash(i, 0);
        }
    }

    private int hash(int batch, int row) {
        return MemoryUtil.getInt(addresses[batch] + ((long) row << 2));
    }

    int generation() {
        return generation;
    }

    int batchCount() {
        return batches.size();
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

    /** About how many bytes a row has. */
    long rowBytes() {
        Batch some = batches.get(0);
        return some.byteSize() / some.rowCount();
    }

    int hash(int row) {
        return hash(row / batchRows, row % batchRows);
    }

    /**
     * The first row with this hash or a larger one; the number of all rows if there is none.
     *
     * @param from rows before this one have smaller ones; what lies near is found sooner
     */
    int lowerBound(int hash, int from) {
        if (from >= size) {
            return size;
        }
        int low = from / batchRows;
        int step = 1;
        while (low + step < hashes.length && hashes[low + step] < hash) {
            low += step;
            step <<= 1;
        }
        int high = Math.min(hashes.length, low + step);
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (hashes[middle] < hash) {
                low = middle;
            } else {
                high = middle;
            }
        }
        int first = low * batchRows;
        return first + lowerBound(low, hash, Math.max(from, first) - first);
    }

    private int lowerBound(int batch, int hash, int from) {
        if (hash(batch, from) >= hash) {
            return from;
        }
        int rows = batches.get(batch).rowCount();
        int low = from;
        int step = 1;
        while (low + step < rows && hash(batch, low + step) < hash) {
            low += step;
            step <<= 1;
        }
        int high = Math.min(rows, low + step);
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (hash(batch, middle) < hash) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** @param number unlike those of all batches that the rows are picked from besides; the next ones are its others' */
    void pick(int row, int number, PickedRows into) {
        int batch = row / batchRows;
        into.add(number + batch, batches.get(batch), row % batchRows);
    }

    boolean isMatched(int row) {
        return matched != null && matched.get(row);
    }

    void match(int row) {
        if (matched != null) {
            matched.set(row);
        }
    }

    /** Names of tables that have just these rows; null if checkpoints have them in no such tables. */
    @Nullable
    List<Object> names() {
        return inherited == null ? pieces.names(size()) : inherited;
    }

    /** Adds all rows to a checkpoint; those that may come without a partner are not named again. */
    void save(SavedRows.Shape shape, Saving into) {
        List<Object> names = inherited;
        if (matched != null) {
            SavedRows saved = new SavedRows(shape, table -> into.add(null, table));
            for (int row = 0; row < size(); row++) {
                save(row, saved);
            }
            saved.end();
        } else if (names != null && names.stream().allMatch(into::isStored)) {
            names.forEach(into::addStored);
        } else {
            inherited = null;
            pieces.save(this, shape, into);
        }
    }

    @Override
    public void save(int row, SavedRows into) {
        into.add(batches.get(row / batchRows), row % batchRows, 0, isMatched(row));
    }

    @Override
    public void close() {
        batches.forEach(Batch::close);
    }
}
