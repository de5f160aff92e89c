package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;

/** Rows that are let go: those without a partner are given out first, if they are wanted. */
final class Leftovers implements Iterator<Batch> {
    private final JoinedRows out;
    private final int input;
    private final RowTable table;
    private final LongSupplier before;
    private final long windowStart;
    private int[] going = new int[0];
    private int next;
    private boolean begun;

    /** @param before rows with earlier moments go; asked when downstream is ready for them */
    Leftovers(JoinedRows out, int input, RowTable table, LongSupplier before, long windowStart) {
        this.out = out;
        this.input = input;
        this.table = table;
        this.before = before;
        this.windowStart = windowStart;
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
            going = table.before(before.getAsLong());
        }
        int picked = 0;
        PickedRows mine = out.of(input);
        int first = next;
        while (next < going.length && picked < JoinedRows.ROWS) {
            int row = going[next++];
            if (!table.isMatched(row)) {
                table.pick(row, mine);
                out.of(1 - input).addMissing();
                picked++;
            }
        }
        if (picked == 0) {
            forget(first, next);
            return false;
        }
        forgetFrom = first;
        return true;
    }

    private int forgetFrom;

    private void forget(int from, int to) {
        for (int i = from; i < to; i++) {
            table.remove(going[i]);
        }
    }

    @Override
    public Batch next() {
        if (out.count() == 0) {
            throw new NoSuchElementException();
        }
        Batch batch = out.take(windowStart);
        forget(forgetFrom, next);
        return batch;
    }
}
