package io.solstice.worker.window;

import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.aggregate.AggregateColumn;
import io.solstice.worker.aggregate.Tally;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.keyed.GroupTable;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Tumbling and sliding windows: a tally for each slice. */
final class SlicedWindows implements Kept {
    private static final String SLICE = PartialRows.SLICE;
    private static final String CHANGED = "changed.start";

    private final AggregationPlan plan;
    private final TallyShape keys;
    private final SliceGrid grid;
    private final Results results;
    private final WindowPanes panes;
    private final long lateness;
    private final long early;
    /** By start. */
    private final TreeMap<Long, Slice> slices = new TreeMap<>();

    /** Nothing is complete or expires before. */
    private long due = Long.MAX_VALUE;
    /** The size of the slice that was forgotten last is the best guess for the next one. */
    private int expected;

    private @Nullable Tally spare;
    /** Memory for the sums of windows. */
    private @Nullable Tally sums;

    private int[] groups = new int[0];

    /** What a slice has, and, if there are early results, the keys that have changed since the last ones. */
    private static final class Slice {
        private final Tally tally;
        private Tally changed;

        Slice(Tally tally, TallyShape keys) {
            this.tally = tally;
            this.changed = new Tally(keys, 0);
        }
    }

    SlicedWindows(AggregationPlan plan, SliceGrid grid, Results results) {
        this.plan = plan;
        this.keys = new TallyShape(plan.shape().keys(), List.of());
        this.grid = grid;
        this.results = results;
        this.panes = new WindowPanes(plan.shape().keys(), plan.definition().hasPanes(), results);
        this.lateness = plan.definition().latenessMicros();
        this.early = plan.definition().earlyMicros();
    }

    @Override
    public void add(Batch batch, BatchInput input, long watermark, Aside aside, Outbox out) {
        int rows = batch.rowCount();
        groups = groups.length < rows ? new int[rows] : groups;
        long[] times = input.times();
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int i = 0; i < rows; i++) {
            least = Math.min(least, times[i]);
            most = Math.max(most, times[i]);
        }
        long start = grid.sliceOf(least);
        NavigableMap<Long, GroupTable> touched = new TreeMap<>();
        if (most - start < grid.slice() && !isExpired(start, watermark)) {
            addTo(start, batch, input, watermark, touched);
        } else {
            addDivided(batch, input, watermark, aside, touched);
        }
        correct(touched, out);
    }

    @Override
    public void merge(Batch partial, long watermark, Aside aside, Outbox out) {
        int first = keys.keys().size();
        BigIntVector starts = (BigIntVector) partial.column(first);
        NavigableMap<Long, GroupTable> touched = new TreeMap<>();
        StateTables.runs(partial, first, (from, part) -> {
            long start = starts.get(from);
            int rows = part.rowCount();
            if (isExpired(start, watermark)) {
                for (int i = 0; i < rows; i++) {
                    aside.late(from + i, grid.lastEnd(start));
                }
                return;
            }
            groups = groups.length < rows ? new int[rows] : groups;
            Slice slice = slice(start, watermark);
            StateTables.load(slice.tally, first, 1, part, groups);
            FieldVector[] columns = part.columns().subList(0, first).toArray(new FieldVector[0]);
            touch(start, slice, columns, rows, watermark, touched);
        });
        correct(touched, out);
    }

    /** Gives out again, for some of their keys, windows that were given out before. */
    private void correct(NavigableMap<Long, GroupTable> touched, Outbox out) {
        touched.forEach((window, some) -> out.emitAll(panes.batches(window, grid.size(), sum(window, some), true)));
    }

    /** Whether no window needs the slice any more. */
    private boolean isExpired(long sliceStart, long watermark) {
        return grid.lastEnd(sliceStart) + lateness <= watermark;
    }

    private void addDivided(
            Batch batch, BatchInput input, long watermark, Aside aside, NavigableMap<Long, GroupTable> touched) {
        long[] times = input.times();
        Map<Long, Selection> rowsOf = new TreeMap<>();
        Selection current = new Selection();
        long start = 0;
        boolean known = false;
        boolean expired = false;
        for (int i = 0; i < batch.rowCount(); i++) {
            if (!known || times[i] < start || times[i] - start >= grid.slice()) {
                start = grid.sliceOf(times[i]);
                expired = isExpired(start, watermark);
                known = true;
                if (!expired) {
                    current = rowsOf.computeIfAbsent(start, none -> new Selection());
                }
            }
            if (expired) {
                aside.late(i, grid.lastEnd(start));
            } else {
                current.add(i);
            }
        }
        rowsOf.forEach((slice, rows) -> {
            try (Batch part = Gather.rows(batch, rows, results.allocator())) {
                if (plan.shape().columns().stream().anyMatch(AggregateColumn::isOrdered)) {
                    input.readTimes(part);
                }
                addTo(slice, part, input, watermark, touched);
            }
        });
    }

    private void addTo(
            long start, Batch part, BatchInput input, long watermark, NavigableMap<Long, GroupTable> touched) {
        Slice slice = slice(start, watermark);
        input.readValues(part);
        slice.tally.add(input.keys(part), input.lanes(), input.times(), part.rowCount(), groups);
        touch(start, slice, input.keys(part), part.rowCount(), watermark, touched);
    }

    private Slice slice(long start, long watermark) {
        Slice slice = slices.get(start);
        if (slice == null) {
            boolean newest = slices.isEmpty() || start > slices.lastKey();
            slice = new Slice(newest ? fresh() : new Tally(plan.shape(), 0), keys);
            slices.put(start, slice);
            due = Math.min(due, dueOf(start, watermark));
        }
        return slice;
    }

    /** Notes whose results have changed. */
    private void touch(
            long start,
            Slice slice,
            FieldVector[] changed,
            int rows,
            long watermark,
            NavigableMap<Long, GroupTable> touched) {
        if (early > 0) {
            slice.changed.table().assign(changed, rows, groups);
        }
        long first = grid.firstWindow(start);
        for (long window = first; window <= start && window + grid.size() <= watermark; window += grid.slide()) {
            if (window + grid.size() + lateness > watermark) {
                GroupTable some = touched.computeIfAbsent(window, none -> GroupTable.of(keys.keys(), rows));
                some.assign(changed, rows, groups);
            }
        }
    }

    /** Its memory is that of a slice, or of the sum of some, that was forgotten. */
    private Tally fresh() {
        Tally there = spare;
        spare = null;
        return there != null ? there : new Tally(plan.shape(), expected);
    }

    private void reuse(Tally forgotten) {
        expected = forgotten.size();
        if (spare == null && !forgotten.table().isTooLarge()) {
            forgotten.clear();
            spare = forgotten;
        }
    }

    private void reuseSum(Tally sum) {
        if (sums == null && !sum.table().isTooLarge()) {
            sum.clear();
            sums = sum;
        }
    }

    /** When something is to be done for a slice. */
    private long dueOf(long start, long watermark) {
        long next = grid.firstEndingAfter(watermark, start) + grid.size();
        return next <= grid.lastEnd(start) ? next : grid.lastEnd(start) + lateness;
    }

    private NavigableMap<Long, Slice> slicesOf(long window) {
        return slices.subMap(window, true, window + grid.size(), false);
    }

    /** What a window has of some keys. */
    private Tally sum(long window, GroupTable some) {
        int count = some.size();
        Tally sum = Tally.ofKeys(plan.shape(), some);
        int[] sources = TallyShape.sequence(count);
        int[] found = new int[count];
        for (Slice slice : slicesOf(window).values()) {
            slice.tally.table().find(some, sources, 0, count, found);
            int there = 0;
            int[] to = new int[count];
            for (int i = 0; i < count; i++) {
                if (found[i] >= 0) {
                    found[there] = found[i];
                    to[there++] = i;
                }
            }
            sum.merge(slice.tally, found, to, there);
        }
        return sum;
    }

    @Override
    public void advance(long before, long now, Outbox out) {
        TreeSet<Long> complete = new TreeSet<>();
        if (now >= due) {
            for (long start : slices.keySet()) {
                long end = Math.min(grid.lastWindow(start), now == Long.MAX_VALUE ? now : now - grid.size());
                for (long w = grid.firstEndingAfter(before, start); w <= end; w += grid.slide()) {
                    complete.add(w);
                }
            }
        }
        for (long window : complete) {
            // Slices of windows that are yet to come are still needed, and those end after this one.
            boolean last = window == complete.last();
            out.emitAll(new Firing(window, last ? now : window + grid.size()));
        }
        if (early > 0 && now < Long.MAX_VALUE && Math.floorDiv(before, early) < Math.floorDiv(now, early)) {
            emitEarly(now, out);
        }
        if (now >= due) {
            if (complete.isEmpty()) {
                forget(now);
            }
            due = slices.keySet().stream()
                    .mapToLong(start -> dueOf(start, now))
                    .min()
                    .orElse(Long.MAX_VALUE);
        }
    }

    /** Gives out what windows that are not complete have of the keys that have changed. */
    private void emitEarly(long now, Outbox out) {
        TreeMap<Long, GroupTable> unfinished = new TreeMap<>();
        slices.forEach((start, slice) -> {
            int count = slice.changed.size();
            int[] changed = TallyShape.sequence(count);
            for (long w = grid.firstEndingAfter(now, start);
                    count > 0 && w <= grid.lastWindow(start);
                    w += grid.slide()) {
                GroupTable some = unfinished.computeIfAbsent(w, none -> GroupTable.of(keys.keys(), count));
                some.assign(slice.changed.table(), changed, 0, count, new int[count]);
            }
            slice.changed = new Tally(keys, 0);
        });
        unfinished.forEach((window, some) -> out.emitAll(new Firing(window, Long.MIN_VALUE) {
            @Override
            Tally sum() {
                return SlicedWindows.this.sum(window, some);
            }
        }));
    }

    private void forget(long watermark) {
        while (!slices.isEmpty() && isExpired(slices.firstKey(), watermark)) {
            reuse(slices.pollFirstEntry().getValue().tally);
        }
        panes.forget(watermark, grid.size() + lateness);
    }

    /** The sum of a window's slices; of one slice, itself. */
    private Tally sum(long window) {
        Collection<Slice> parts = slicesOf(window).values();
        if (parts.size() == 1) {
            return parts.iterator().next().tally;
        }
        Tally known = sums;
        Tally sum = known != null ? known : new Tally(plan.shape(), expected);
        sums = null;
        parts.forEach(slice -> sum.merge(slice.tally));
        return sum;
    }

    /** One window, which is summed up when downstream takes it; then the slices that nobody needs any more go. */
    private class Firing implements Iterator<Batch> {
        private final long window;
        private final long forget;
        private Iterator<Batch> batches = Collections.emptyIterator();
        private @Nullable Tally given;
        private boolean begun;

        Firing(long window, long forget) {
            this.window = window;
            this.forget = forget;
        }

        Tally sum() {
            return SlicedWindows.this.sum(window);
        }

        @Override
        public boolean hasNext() {
            if (!begun) {
                begun = true;
                Tally sum = sum();
                given = sum;
                batches = panes.batches(window, grid.size(), sum, false);
            }
            if (batches.hasNext()) {
                return true;
            }
            batches = Collections.emptyIterator();
            Tally done = given;
            given = null;
            if (done != null && slices.values().stream().noneMatch(slice -> slice.tally == done)) {
                reuseSum(done);
            }
            forget(forget);
            return false;
        }

        @Override
        public Batch next() {
            return batches.next();
        }
    }

    @Override
    public void save(List<Batch> tables) {
        StateTables saved = new StateTables(tables, results.allocator());
        try {
            slices.forEach(
                    (start, slice) -> saved.add(slice.tally, List.of(new StateTables.Column(SLICE, row -> start))));
            saved.end();
            slices.forEach(
                    (start, slice) -> saved.add(slice.changed, List.of(new StateTables.Column(CHANGED, row -> start))));
            saved.end();
            panes.save(saved);
            saved.end();
        } finally {
            saved.drop();
        }
    }

    @Override
    public void load(Batch table) {
        due = Long.MIN_VALUE;
        int first = keys.keys().size();
        String kind = table.schema().getFields().get(first).getName();
        if (!kind.equals(SLICE) && !kind.equals(CHANGED)) {
            panes.load(table);
            return;
        }
        BigIntVector starts = (BigIntVector) table.column(first);
        StateTables.runs(table, first, (from, part) -> {
            Slice slice = slices.computeIfAbsent(
                    starts.get(from), none -> new Slice(new Tally(plan.shape(), part.rowCount()), keys));
            Tally tally = kind.equals(SLICE) ? slice.tally : slice.changed;
            StateTables.load(tally, first, 1, part, new int[part.rowCount()]);
        });
    }
}
