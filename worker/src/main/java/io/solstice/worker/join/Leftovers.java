package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Rows that are let go: those without a partner are given out first, if they are wanted. */
final class Leftovers implements Iterator<Batch> {
    private final JoinedRows out;
    private final int input;
    private final RowTable table;
    private final long before;
    private final long windowStart;
    private final int most;
    private int[] going = new int[0];
    private int next;
    /** Rows from here to {@link #next} go with the batch that comes next. */
    private int leaving;

    private boolean begun;

    /** @param before rows with earlier moments go, once downstream is ready for them */
    Leftovers(JoinedRows out, int input, RowTable table, long before, long windowStart) {
        this.out = out;
        this.input = input;
        this.table = table;
        this.before = before;
        this.windowStart = windowStart;
        this.most = JoinedRows.rowsPerBatch(table.rowBytes());
    }

    /** Lets rows go of which nobody wants to hear. */
    static void drop(RowTable table, long before) {
        for (int row : table.before(before)) {
            table.remove(row);
        }
    }

    @Override
    public boolean hasNext() {
        if (!begun) {
            begun = true;
            going = table.before(before);
        }
        PickedRows mine = out.of(input);
        while (next < going.length && mine.count() < most) {
            int row = going[next++];
            if (!table.isMatched(row)) {
                table.pick(row, mine);
                out.of(1 - input).addMissing();
            }
        }
        if (mine.count() > 0) {
            return true;
        }
        letGo();
        return false;
    }

    private void letGo() {
        while (leaving < next) {
            table.remove(going[leaving++]);
        }
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Batch batch = out.take(windowStart);
        letGo();
        return batch;
    }
}
