package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.window.Windows;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.spi.TwoInputs;
import io.solstice.worker.overflow.Overflow;
import io.solstice.worker.window.SliceGrid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rows of one window meet when it is complete. Until then they lie, as they came, in slices of time. */
final class WindowMeeting implements Meeting {
    /** Batches with fewer rows are put together before they meet others. */
    private static final int SMALL = 1024;

    private final JoinPlan plan;
    private final JoinedRows out;
    private final SliceGrid grid;
    private final Overflow overflow;
    /** What came since rows were moved to files; some of it may have gone. */
    private long bytesInMemory;
    /** By start. */
    private final TreeMap<Long, Slice> slices = new TreeMap<>();

    private record Slice(SliceRows left, SliceRows right) {
        Slice(long start) {
            this(new SliceRows(start), new SliceRows(start));
        }

        SliceRows of(int input) {
            return input == TwoInputs.LEFT ? left : right;
        }

        void close() {
            left.close();
            right.close();
        }
    }

    WindowMeeting(JoinPlan plan, JoinedRows out) {
        this.plan = plan;
        this.out = out;
        this.overflow = new Overflow(out.allocator());
        this.grid = SliceGrid.of(((JoinOperator.Windowed) plan.definition().scope()).window());
    }

    static long size(Windows windows) {
        return SliceGrid.of(windows).size();
    }

    @Override
    public boolean isLate(long time, long watermark) {
        return grid.lastEnd(grid.sliceOf(time)) <= watermark;
    }

    @Override
    public void add(int input, Batch rows, long[] times, Outbox outbox) {
        Map<Long, Selection> rowsOf = new TreeMap<>();
        Selection current = new Selection();
        long start = 0;
        for (int i = 0; i < rows.rowCount(); i++) {
            if (i == 0 || times[i] < start || times[i] - start >= grid.slice()) {
                start = grid.sliceOf(times[i]);
                current = rowsOf.computeIfAbsent(start, none -> new Selection());
            }
            current.add(i);
        }
        keep(input, rows, rowsOf);
    }

    @Override
    public void advance(long before, long now, Outbox outbox) {
        TreeSet<Long> complete = new TreeSet<>();
        for (long start : slices.keySet()) {
            long end = Math.min(grid.lastWindow(start), now == Long.MAX_VALUE ? now : now - grid.size());
            for (long w = grid.firstEndingAfter(before, start); w <= end; w += grid.slide()) {
                complete.add(w);
            }
        }
        for (long window : complete) {
            // Slices of windows that are yet to come are still needed, and those end after this one.
            outbox.emitAll(new Firing(window, window == complete.last() ? now : window + grid.size()));
        }
        if (complete.isEmpty()) {
            forget(now);
        }
    }

    private void forget(long watermark) {
        while (!slices.isEmpty() && grid.lastEnd(slices.firstKey()) <= watermark) {
            slices.pollFirstEntry().getValue().close();
        }
    }

    /** One window, whose rows meet as downstream takes the results; then the slices that nobody needs any more go. */
    private final class Firing implements Iterator<Batch>, AutoCloseable {
        private final long window;
        private final long forget;
        private final ArrayDeque<Batch> lefts = new ArrayDeque<>();
        private @Nullable RowTable rights;
        private @Nullable Probe probe;
        private @Nullable Leftovers leftovers;
        private boolean ended;

        Firing(long window, long forget) {
            this.window = window;
            this.forget = forget;
        }

        private RowTable begin() {
            RowTable table = new RowTable(plan.right(), plan.keeps(TwoInputs.RIGHT), out.allocator());
            rights = table;
            Collection<Slice> parts =
                    slices.subMap(window, true, window + grid.size(), false).values();
            for (Slice part : parts) {
                for (Batch batch : part.right().batches()) {
                    int rows = batch.rowCount();
                    table.add(batch.share(), new long[rows], new boolean[rows]);
                }
            }
            gatherLefts(parts);
            return table;
        }

        private void gatherLefts(Collection<Slice> parts) {
            PickedRows small = new PickedRows();
            int number = 0;
            for (Slice part : parts) {
                for (Batch batch : part.left().batches()) {
                    if (batch.rowCount() >= SMALL) {
                        lefts.add(batch.share());
                        continue;
                    }
                    for (int row = 0; row < batch.rowCount(); row++) {
                        small.add(number, batch, row);
                    }
                    number++;
                    if (small.count() >= SMALL) {
                        lefts.add(gathered(small));
                    }
                }
            }
            if (small.count() > 0) {
                lefts.add(gathered(small));
            }
        }

        private Batch gathered(PickedRows small) {
            Batch gathered = small.rows(plan.left().schema().getFields(), out.allocator());
            small.clear();
            return gathered;
        }

        @Override
        public boolean hasNext() {
            if (ended) {
                return false;
            }
            RowTable known = rights;
            RowTable table = known == null ? begin() : known;
            while (true) {
                Probe current = probe;
                if (current != null && current.hasNext()) {
                    return true;
                }
                Batch left = lefts.poll();
                if (left == null) {
                    break;
                }
                probe = new Probe(plan, out, TwoInputs.LEFT, left, table, plan.keeps(TwoInputs.LEFT), window);
            }
            probe = null;
            if (leftovers == null && plan.keeps(TwoInputs.RIGHT)) {
                leftovers = new Leftovers(out, TwoInputs.RIGHT, table, Long.MAX_VALUE, window);
            }
            if (leftovers != null && leftovers.hasNext()) {
                return true;
            }
            close();
            forget(forget);
            return false;
        }

        @Override
        public Batch next() {
            Probe current = probe;
            return current != null
                    ? current.next()
                    : Objects.requireNonNull(leftovers).next();
        }

        @Override
        public void close() {
            ended = true;
            lefts.forEach(Batch::close);
            lefts.clear();
            if (probe != null) {
                probe.close();
            }
            if (rights != null) {
                rights.close();
            }
        }
    }

    @Override
    public void finish(Outbox outbox) {}

    @Override
    public long delayMicros() {
        return grid.size();
    }

    @Override
    public void save(Saving into) {
        for (int input = 0; input < 2; input++) {
            int side = input;
            SavedRows.Shape shape = new SavedRows.Shape(plan, input, out.allocator());
            SavedRows few = new SavedRows(shape, table -> into.add(null, table));
            slices.forEach((start, slice) -> {
                SliceRows rows = slice.of(side);
                if (rows.areFew()) {
                    for (int row = 0; row < rows.size(); row++) {
                        rows.save(row, few);
                    }
                } else {
                    rows.save(shape, into);
                }
            });
            few.end();
        }
    }

    @Override
    public @Nullable Object load(SavedRows.Loaded loaded) {
        int input = loaded.input();
        Batch rows = loaded.rows();
        Long only = loaded.onlyMoment();
        if (only != null) {
            bytesInMemory += rows.byteSize();
            Object name = slice(only).of(input).load(rows);
            moveIfTight();
            return name;
        }
        Map<Long, Selection> rowsOf = new TreeMap<>();
        for (int i = 0; i < rows.rowCount(); i++) {
            rowsOf.computeIfAbsent(loaded.moments()[i], none -> new Selection()).add(i);
        }
        keep(input, rows, rowsOf);
        return null;
    }

    private Slice slice(long start) {
        return slices.computeIfAbsent(start, Slice::new);
    }

    private void keep(int input, Batch rows, Map<Long, Selection> rowsOf) {
        bytesInMemory += rows.byteSize();
        try (rows) {
            rowsOf.forEach((start, some) -> slice(start).of(input).add(Gather.rows(rows, some, out.allocator())));
        }
        moveIfTight();
    }

    private void moveIfTight() {
        if (bytesInMemory >= Overflow.LEAST_BYTES && overflow.isTight()) {
            moveToFiles(TwoInputs.LEFT);
            moveToFiles(TwoInputs.RIGHT);
            bytesInMemory = 0;
        }
    }

    private void moveToFiles(int input) {
        List<Batch> moving = new ArrayList<>();
        slices.values().forEach(slice -> moving.addAll(slice.of(input).inMemory()));
        Iterator<Batch> copies = overflow.copies(moving).iterator();
        slices.values().forEach(slice -> slice.of(input).moved(copies));
    }

    @Override
    public void close() {
        slices.values().forEach(Slice::close);
        slices.clear();
    }
}
