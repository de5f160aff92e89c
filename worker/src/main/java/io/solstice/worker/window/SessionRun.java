package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.pile.Parts;
import io.solstice.worker.pile.Piles;
import io.solstice.worker.pile.Run;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.IntVector;

/**
 * A run of sessions in the order of their keys' hashes, with an index of these, and of the rows in the order in which
 * something is due for them. Rows that have been taken back since are known by a bit each. Used by the task's thread.
 */
final class SessionRun {
    /** So many bits of a number that is sorted are the row. */
    private static final int ROW_BITS = 19;

    private final Run run;
    private final int keys;
    private final SessionTime time;
    private final BitSet taken = new BitSet();
    /** The rows for which something will be due. */
    private final int dueRows;

    /** The greatest time of a last row. */
    private final long greatestLast;

    private int dueFrom;
    private boolean mayBeChanged;

    /**
     * Takes over the table.
     *
     * @param keys how many key columns there are
     * @param hashes by row, rising as numbers without a sign
     */
    SessionRun(Piles piles, int generation, Batch table, int keys, int[] hashes, SessionTime time) {
        this.keys = keys;
        this.time = time;
        SessionRows rows = new SessionRows(table, keys);
        int[] order = dueOrder(rows, time);
        this.dueRows = order.length;
        long greatest = Long.MIN_VALUE;
        for (int row = 0; row < rows.count(); row++) {
            greatest = Math.max(greatest, rows.last(row));
            mayBeChanged |= rows.isChanged(row);
        }
        this.greatestLast = greatest;
        this.run = Run.sorted(piles, generation, table, index(hashes, order, piles.memory()), hashes);
    }

    private static Batch index(int[] hashes, int[] order, BufferAllocator memory) {
        IntVector first = new IntVector("hash", memory);
        IntVector second = new IntVector("due", memory);
        try {
            first.allocateNew(hashes.length);
            second.allocateNew(hashes.length);
            for (int row = 0; row < hashes.length; row++) {
                first.set(row, hashes[row]);
                second.set(row, row < order.length ? order[row] : 0);
            }
            first.setValueCount(hashes.length);
            second.setValueCount(hashes.length);
            return Batch.of(List.of(first, second), hashes.length);
        } catch (RuntimeException | Error failure) {
            first.close();
            second.close();
            throw failure;
        }
    }

    private static int[] dueOrder(SessionRows rows, SessionTime time) {
        int[] due = IntStream.range(0, rows.count())
                .filter(row -> !rows.isGiven(row))
                .toArray();
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int row : due) {
            long step = time.endStep(rows.last(row));
            least = Math.min(least, step);
            most = Math.max(most, step);
        }
        long first = least;
        if (most - least >= 1L << (Long.SIZE - 1 - ROW_BITS) || rows.count() > 1 << ROW_BITS) {
            return Arrays.stream(due)
                    .boxed()
                    .sorted(Comparator.comparingLong(rows::last))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        long[] sorted = Arrays.stream(due)
                .mapToLong(row -> time.endStep(rows.last(row)) - first << ROW_BITS | row)
                .sorted()
                .toArray();
        return Arrays.stream(sorted)
                .mapToInt(number -> (int) number & (1 << ROW_BITS) - 1)
                .toArray();
    }

    Run run() {
        return run;
    }

    SessionRows rows() {
        return new SessionRows(run.table(), keys);
    }

    /** Whether results that are not complete may be wanted of it. */
    boolean mayBeChanged() {
        return mayBeChanged;
    }

    /** Nothing is wanted of it until time moves on. */
    void unchanged() {
        mayBeChanged = false;
    }

    boolean isOver(long watermark) {
        return time.isOver(greatestLast, watermark);
    }

    /** Whether a row counts: it has not been taken back, nor has it been forgotten. */
    boolean counts(SessionRows rows, int row, long watermark) {
        return !taken.get(row) && !time.isOver(rows.last(row), watermark);
    }

    void take(int row) {
        taken.set(row);
    }

    private int due(int place) {
        return ((IntVector) run.index().column(1)).get(place);
    }

    /** The rows for which something is due by then, in rising order; they are not due again. */
    int[] takeDue(long step, long watermark) {
        int from = dueFrom;
        SessionRows rows = rows();
        while (dueFrom < dueRows && time.endStep(rows.last(due(dueFrom))) <= step) {
            dueFrom++;
        }
        return IntStream.range(from, dueFrom)
                .map(this::due)
                .filter(row -> counts(rows, row, watermark))
                .sorted()
                .toArray();
    }

    /** The rows of which results that are not complete are wanted. */
    int[] changed(long watermark) {
        SessionRows rows = rows();
        return IntStream.range(0, rows.count())
                .filter(row -> rows.isChanged(row) && !rows.isGiven(row) && counts(rows, row, watermark))
                .toArray();
    }

    /** The rows of a part that count. */
    int[] part(int part, int bits, long watermark) {
        SessionRows rows = rows();
        return IntStream.range(run.startOf(part << (Parts.BITS - bits)), run.startOf((part + 1) << (Parts.BITS - bits)))
                .filter(row -> counts(rows, row, watermark))
                .toArray();
    }

    /**
     * Rows that count and whose keys have these hashes, in rising order.
     *
     * @param wanted rising, as numbers without a sign
     */
    IntList find(int[] wanted, long watermark) {
        IntList found = new IntList();
        long hashes = run.index().column(0).getDataBuffer().memoryAddress();
        SessionRows rows = rows();
        int size = rows.count();
        for (int i = firstIn(wanted, run.firstPart()); i < wanted.length; i++) {
            int part = Parts.partOf(wanted[i]);
            if (part >= run.endPart()) {
                break;
            }
            if (i > 0 && wanted[i] == wanted[i - 1]) {
                continue;
            }
            int row = firstOf(hashes, wanted[i], run.startOf(part), run.startOf(part + 1));
            for (; row < size && hash(hashes, row) == wanted[i]; row++) {
                if (counts(rows, row, watermark)) {
                    found.add(row);
                }
            }
        }
        return found;
    }

    private static int hash(long hashes, int row) {
        return MemoryUtil.getInt(hashes + ((long) row << 2));
    }

    private static int firstIn(int[] wanted, int part) {
        int low = 0;
        int high = wanted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Parts.partOf(wanted[middle]) < part) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int firstOf(long hashes, int wanted, int from, int to) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Integer.compareUnsigned(hash(hashes, middle), wanted) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
