package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one input meet those of the other that are kept; the pairs are put together as downstream takes them. Used by
 * the task's thread, and nothing else touches the table meanwhile.
 */
final class Probe implements Iterator<Batch>, AutoCloseable {
    private final JoinedRows out;
    private final int input;
    private final Batch rows;
    private final RowTable table;
    private final long windowStart;
    private final int[] groups;
    private final int most;
    /** Gives out rows without a partner at once. */
    private final boolean keepsOwn;

    private @Nullable Bounds bounds;
    private @Nullable IntConsumer partnered;

    private int row;
    private int candidate = RowTable.NONE;
    private boolean begun;
    private boolean met;
    private boolean closed;

    /** Which moments meet those of a row of its time. */
    record Bounds(long[] times, long from, long to) {}

    /**
     * @param rows taken over
     * @param table what the other input has
     */
    Probe(JoinPlan plan, JoinedRows out, int input, Batch rows, RowTable table, boolean keepsOwn, long windowStart) {
        this.out = out;
        this.input = input;
        this.rows = rows;
        this.table = table;
        this.keepsOwn = keepsOwn;
        this.windowStart = windowStart;
        this.groups = new int[rows.rowCount()];
        this.most = JoinedRows.rowsPerBatch(rows.byteSize() / Math.max(1, rows.rowCount()) + table.rowBytes());
        try {
            table.find(plan.side(input), rows, groups);
        } catch (RuntimeException | Error failure) {
            rows.close();
            throw failure;
        }
    }

    /** Only those whose moments are within the bounds. */
    Probe within(Bounds some) {
        bounds = some;
        return this;
    }

    /** Tells the number of each row that met somebody, once it has met all. */
    Probe noting(IntConsumer whoMet) {
        partnered = whoMet;
        return this;
    }

    @Override
    public boolean hasNext() {
        if (closed) {
            return false;
        }
        fill();
        if (out.count() == 0) {
            close();
            return false;
        }
        return true;
    }

    private void fill() {
        PickedRows mine = out.of(input);
        PickedRows theirs = out.of(1 - input);
        while (row < groups.length && mine.count() < most) {
            if (!begun) {
                begun = true;
                met = false;
                candidate = groups[row] < 0 ? RowTable.NONE : table.first(groups[row]);
            }
            while (candidate != RowTable.NONE && mine.count() < most) {
                if (isWithin(candidate)) {
                    mine.add(0, rows, row);
                    table.pick(candidate, theirs);
                    table.match(candidate);
                    met = true;
                }
                candidate = table.next(candidate);
            }
            if (candidate == RowTable.NONE) {
                endRow(mine, theirs);
            }
        }
    }

    private boolean isWithin(int other) {
        Bounds some = bounds;
        if (some == null) {
            return true;
        }
        long difference = table.moment(other) - some.times[row];
        return difference >= some.from && difference <= some.to;
    }

    private void endRow(PickedRows mine, PickedRows theirs) {
        IntConsumer noted = partnered;
        if (met && noted != null) {
            noted.accept(row);
        } else if (!met && keepsOwn) {
            mine.add(0, rows, row);
            theirs.addMissing();
        }
        row++;
        begun = false;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return out.take(windowStart);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            rows.close();
        }
    }
}
