package io.solstice.worker.join;

import io.solstice.api.operator.Outbox;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.TwoInputs;
import io.solstice.worker.overflow.HeapShare;
import io.solstice.worker.overflow.Overflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rows with equal keys meet: the right input is kept whole, in a table or, if there is no room for that, in sorted
 * runs; and left rows pass by once it is there. Mostly the left senders wait so long; what comes of them before lies here,
 * and so do, for a moment, some that are to be looked up in runs.
 */
final class WholeMeeting implements Meeting {
    private static final long WAIT_MILLIS = 20;
    private static final long MOST_WAITING_BYTES = 16L << 20;
    private static final int SHARE_OF_MEMORY = 16;

    private final JoinPlan plan;
    private final JoinedRows out;
    private final Clock clock;
    private final RunSizes sizes;
    private final HeapShare heap;
    private RowTable right;
    private long rightBytes;
    /** Of the right what is not in the table. */
    private final SortedRuns runs;

    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
    private final Overflow overflow;
    /** Those that had to wait in files. */
    private final ArrayDeque<Batch> inFiles = new ArrayDeque<>();

    private long waitingBytes;
    private long waitingRows;
    private final long mostWaitingBytes;
    /** By when those that wait for each other have waited long enough. */
    private long dueMillis = Long.MAX_VALUE;

    private boolean rightEnded;

    WholeMeeting(JoinPlan plan, JoinedRows out, Clock clock, RunSizes sizes) {
        this.plan = plan;
        this.out = out;
        this.clock = clock;
        this.sizes = sizes;
        this.overflow = new Overflow(out.allocator());
        this.heap = HeapShare.of(out.allocator());
        this.mostWaitingBytes =
                Math.min(MOST_WAITING_BYTES, out.allocator().getRoot().getLimit() / SHARE_OF_MEMORY);
        this.right = newTable();
        this.runs = new SortedRuns(plan.right(), plan.keeps(TwoInputs.RIGHT), out.allocator(), sizes);
    }

    private RowTable newTable() {
        return new RowTable(plan.right(), plan.keeps(TwoInputs.RIGHT), out.allocator());
    }

    /** The table of the right has grown. */
    private void grown() {
        count(right.heapBytes());
        if (rightBytes >= sizes.leastBytes() && (heap.isTight() || sizes.always())) {
            moveRight();
        }
    }

    private void count(long bytes) {
        heap.add(bytes - rightBytes);
        rightBytes = bytes;
    }

    private void moveRight() {
        runs.add(right);
        right.close();
        right = newTable();
        count(0);
    }

    /** Whether the right is in runs; all of it, then. */
    private boolean isInRuns() {
        if (!runs.isEmpty() && right.size() > 0) {
            moveRight();
        }
        return !runs.isEmpty();
    }

    @Override
    public boolean isLate(long time, long watermark) {
        return false;
    }

    @Override
    public void add(int input, Batch rows, long[] times, Outbox outbox) {
        int count = rows.rowCount();
        if (input == TwoInputs.RIGHT) {
            right.add(rows, new long[count], new boolean[count]);
            grown();
        } else if (rightEnded && !isInRuns()) {
            outbox.emitAll(probe(rows));
        } else {
            keep(rows);
            if (rightEnded) {
                waitForMore(outbox);
            }
        }
    }

    private void waitForMore(Outbox outbox) {
        if (waitingRows >= sizes.waitRows() || waitingBytes >= mostWaitingBytes) {
            passWaiting(outbox);
        } else if (dueMillis == Long.MAX_VALUE) {
            dueMillis = clock.wallMillis() + WAIT_MILLIS;
        }
    }

    private void passWaiting(Outbox outbox) {
        dueMillis = Long.MAX_VALUE;
        if (!waiting.isEmpty() || !inFiles.isEmpty()) {
            outbox.emitAll(new Waiting());
        }
    }

    private void keep(Batch rows) {
        waiting.add(rows);
        waitingRows += rows.rowCount();
        waitingBytes += rows.byteSize();
        moveWaiting();
    }

    private void moveWaiting() {
        if (waitingBytes < Overflow.LEAST_BYTES || !overflow.isTight()) {
            return;
        }
        List<Batch> moving = List.copyOf(waiting);
        waiting.clear();
        try {
            inFiles.addAll(overflow.copies(moving));
        } finally {
            moving.forEach(Batch::close);
        }
        waitingBytes = 0;
    }

    private Iterator<Batch> probe(Batch rows) {
        if (isInRuns()) {
            return new RunProbe(plan, out, rows, runs.runs(), sizes);
        }
        return new Probe(plan, out, TwoInputs.LEFT, rows, right, plan.keeps(TwoInputs.LEFT), 0);
    }

    @Override
    public void ended(int input, Outbox outbox) {
        if (input == TwoInputs.RIGHT && !rightEnded) {
            rightEnded = true;
        }
        if (rightEnded) {
            passWaiting(outbox);
        }
    }

    /** Results of rows that came before the watermark come before it. */
    @Override
    public void advance(long before, long now, Outbox outbox) {
        if (rightEnded) {
            passWaiting(outbox);
        }
    }

    @Override
    public long dueMillis() {
        return dueMillis == Long.MAX_VALUE ? dueMillis : dueMillis - clock.wallMillis();
    }

    @Override
    public void onClock(Outbox outbox) {
        if (clock.wallMillis() >= dueMillis) {
            passWaiting(outbox);
        }
    }

    private Batch nextWaiting() {
        return inFiles.isEmpty() ? waiting.remove() : inFiles.remove();
    }

    /** Some that wait, as one batch. */
    private Batch nextTogether() {
        List<Batch> some = new ArrayList<>();
        PickedRows picked = new PickedRows();
        long bytes = 0;
        try {
            do {
                Batch next = nextWaiting();
                bytes += next.byteSize();
                some.add(next);
                for (int row = 0; row < next.rowCount(); row++) {
                    picked.add(some.size(), next, row);
                }
            } while ((!inFiles.isEmpty() || !waiting.isEmpty())
                    && picked.count() < sizes.waitRows()
                    && bytes < mostWaitingBytes);
            return picked.rows(plan.left().schema().getFields(), out.allocator());
        } finally {
            some.forEach(Batch::close);
        }
    }

    /** Those that came too early, some after the other. */
    private final class Waiting implements Iterator<Batch>, AutoCloseable {
        private @Nullable Iterator<Batch> current;

        @Override
        public boolean hasNext() {
            while (true) {
                Iterator<Batch> probe = current;
                if (probe != null && probe.hasNext()) {
                    return true;
                }
                current = null;
                if (inFiles.isEmpty() && waiting.isEmpty()) {
                    waitingBytes = 0;
                    waitingRows = 0;
                    return false;
                }
                current = probe(isInRuns() ? nextTogether() : nextWaiting());
            }
        }

        @Override
        public Batch next() {
            return java.util.Objects.requireNonNull(current).next();
        }

        @Override
        public void close() {
            if (current instanceof Probe probe) {
                probe.close();
            } else if (current instanceof RunProbe probe) {
                probe.close();
            }
        }
    }

    @Override
    public void finish(Outbox outbox) {
        ended(TwoInputs.RIGHT, outbox);
        if (plan.keeps(TwoInputs.RIGHT) && isInRuns()) {
            outbox.emitAll(new RunLeftovers(out, runs));
        } else if (plan.keeps(TwoInputs.RIGHT)) {
            outbox.emitAll(new Leftovers(out, TwoInputs.RIGHT, right, Long.MAX_VALUE, 0));
        }
    }

    /** Left rows wait for the right, and right ones without a partner for all left: nothing is said of time so long. */
    @Override
    public long delayMicros() {
        return rightEnded && !plan.keeps(TwoInputs.RIGHT) ? 0 : Long.MAX_VALUE;
    }

    @Override
    public void save(Saving into) {
        SavedRows.Shape rights = new SavedRows.Shape(plan, TwoInputs.RIGHT, out.allocator());
        runs.save(rights, into);
        right.save(rights, into);
        SavedRows lefts = new SavedRows(
                new SavedRows.Shape(plan, TwoInputs.LEFT, out.allocator()), table -> into.add(null, table));
        inFiles.forEach(batch -> save(batch, lefts));
        waiting.forEach(batch -> save(batch, lefts));
        lefts.end();
    }

    private static void save(Batch batch, SavedRows lefts) {
        for (int row = 0; row < batch.rowCount(); row++) {
            lefts.add(batch, row, 0, false);
        }
    }

    @Override
    public @Nullable Object load(SavedRows.Loaded loaded) {
        if (loaded.input() == TwoInputs.RIGHT) {
            Object name = right.load(loaded);
            grown();
            return name;
        }
        keep(loaded.rows());
        return null;
    }

    @Override
    public void close() {
        waiting.forEach(Batch::close);
        waiting.clear();
        inFiles.forEach(Batch::close);
        inFiles.clear();
        right.close();
        runs.close();
        count(0);
    }
}
