package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one input in the order of their keys' hashes, in mapped files: a row is found by looking the first hashes of
 * the batches through, then those of one batch. Nothing of it is on the heap but two numbers for each batch, and a bit for
 * each row if it matters who has met a partner. Rows never go. Used by the task's thread.
 */
final class SortedRun implements NumberedRows, AutoCloseable {
    /** The rows' columns, and behind them the hash of the key. */
    private final List<Batch> batches;
    /** The number of each batch's first row, and of all rows. */
    private final int[] firsts;
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

    private int at;

    /**
     * Takes over the batches, of which none is empty.
     *
     * @param generation how often its rows have been merged
     * @param inherited names of tables that have just these rows, or null
     */
    SortedRun(List<Batch> batches, @Nullable BitSet matched, int generation, @Nullable List<Object> inherited) {
        this.batches = batches;
        this.matched = matched;
        this.generation = generation;
        this.inherited = inherited;
        firsts = new int[batches.size() + 1];
        hashes = new int[batches.size()];
        addresses = new long[batches.size()];
        for (int i = 0; i < hashes.length; i++) {
            Batch batch = batches.get(i);
            firsts[i + 1] = firsts[i] + batch.rowCount();
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
        return firsts[batches.size()];
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
        int batch = batchOf(row);
        return hash(batch, row - firsts[batch]);
    }

    /** The first row with this hash or a larger one; the number of all rows if there is none. */
    int lowerBound(int hash) {
        int batch = firstNotBefore(hash) - 1;
        if (batch < 0) {
            return 0;
        }
        // All rows of the batch before may be smaller, and its last ones may not.
        int low = 0;
        int high = batches.get(batch).rowCount();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (hash(batch, middle) < hash) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return firsts[batch] + low;
    }

    /** The first batch that begins with this hash or a larger one; the number of all if there is none. */
    private int firstNotBefore(int hash) {
        int low = 0;
        int high = hashes.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (hashes[middle] < hash) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int batchOf(int row) {
        if (row < firsts[at] || row >= firsts[at + 1]) {
            int found = Arrays.binarySearch(firsts, row);
            at = found < 0 ? -found - 2 : found;
        }
        return at;
    }

    /** @param number unlike those of all batches that the rows are picked from besides; the next ones are its others' */
    void pick(int row, int number, PickedRows into) {
        int batch = batchOf(row);
        into.add(number + batch, batches.get(batch), row - firsts[batch]);
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
        int batch = batchOf(row);
        into.add(batches.get(batch), row - firsts[batch], 0, isMatched(row));
    }

    @Override
    public void close() {
        batches.forEach(Batch::close);
    }
}
