package io.solstice.worker.window;

import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.aggregate.AggregateColumn;
import io.solstice.worker.aggregate.Tally;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.keyed.GroupTable;
import io.solstice.worker.pile.Pile;
import io.solstice.worker.pile.Piles;
import io.solstice.worker.pile.Run;
import io.solstice.worker.pile.RunOwner;
import io.solstice.worker.window.Slices.Slice;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;

/** Tumbling and sliding windows: a pile for each slice. */
final class SlicedWindows implements Kept {
    private final AggregationPlan plan;
    private final TallyShape keys;
    private final SliceGrid grid;
    private final Results results;
    private final Piles piles;
    private final Slices slices;
    private final WindowPanes panes;
    private final long lateness;
    private final long early;

    /** Nothing is complete or expires before. */
    private long due = Long.MAX_VALUE;

    private int[] groups = new int[0];

    SlicedWindows(AggregationPlan plan, SliceGrid grid, Results results, Piles piles) {
        this.plan = plan;
        this.keys = new TallyShape(plan.shape().keys(), List.of());
        this.grid = grid;
        this.results = results;
        this.piles = piles;
        this.slices = new Slices(plan, keys, grid, piles);
        this.panes = new WindowPanes(plan.shape().keys(), plan.definition().hasPanes(), results, piles);
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
            StateTables.load(slice.pile.live(), first, 1, part, groups);
            slice.pile.changed();
            FieldVector[] columns = part.columns().subList(0, first).toArray(new FieldVector[0]);
            touch(start, slice, columns, rows, watermark, touched);
        });
        correct(touched, out);
    }

    /** Gives out again, for some of their keys, windows that were given out before. */
    private void correct(NavigableMap<Long, GroupTable> touched, Outbox out) {
        piles.makeRoom();
        touched.forEach(
                (window, some) -> out.emitAll(panes.batches(window, grid.size(), slices.sum(window, some), true)));
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
        slice.pile.live().add(input.keys(part), input.lanes(), input.times(), part.rowCount(), groups);
        slice.pile.changed();
        touch(start, slice, input.keys(part), part.rowCount(), watermark, touched);
    }

    private Slice slice(long start, long watermark) {
        Slice slice = slices.find(start);
        if (slice == null) {
            slice = slices.add(start);
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
            slices.noteChanged(start, slice, changed, rows, groups);
        }
        long first = grid.firstWindow(start);
        for (long window = first; window <= start && window + grid.size() <= watermark; window += grid.slide()) {
            if (window + grid.size() + lateness > watermark) {
                GroupTable some = touched.computeIfAbsent(window, none -> GroupTable.of(keys.keys(), rows));
                some.assign(changed, rows, groups);
            }
        }
    }

    /** When something is to be done for a slice. */
    private long dueOf(long start, long watermark) {
        long next = grid.firstEndingAfter(watermark, start) + grid.size();
        return next <= grid.lastEnd(start) ? next : grid.lastEnd(start) + lateness;
    }

    @Override
    public void advance(long before, long now, Outbox out) {
        TreeSet<Long> complete = new TreeSet<>();
        if (now >= due) {
            for (long start : slices.starts()) {
                long end = Math.min(grid.lastWindow(start), now == Long.MAX_VALUE ? now : now - grid.size());
                for (long w = grid.firstEndingAfter(before, start); w <= end; w += grid.slide()) {
                    complete.add(w);
                }
            }
        }
        for (long window : complete) {
            // Slices of windows that are yet to come are still needed, and those end after this one.
            boolean last = window == complete.last();
            out.emitAll(new CompleteFiring(window, last ? now : window + grid.size()));
        }
        if (early > 0 && now < Long.MAX_VALUE && Math.floorDiv(before, early) < Math.floorDiv(now, early)) {
            emitEarly(now, out);
        }
        if (now >= due) {
            if (complete.isEmpty()) {
                forget(now);
            }
            due = slices.starts().stream()
                    .mapToLong(start -> dueOf(start, now))
                    .min()
                    .orElse(Long.MAX_VALUE);
        }
    }

    /** Gives out what windows that are not complete have of the keys that have changed. */
    private void emitEarly(long now, Outbox out) {
        NavigableMap<Long, Pile> changed = slices.takeChanged();
        TreeSet<Long> unfinished = new TreeSet<>();
        changed.keySet().forEach(start -> {
            for (long w = grid.firstEndingAfter(now, start); w <= grid.lastWindow(start); w += grid.slide()) {
                unfinished.add(w);
            }
        });
        for (long window : unfinished) {
            out.emitAll(new EarlyFiring(window, changed, window == unfinished.last()));
        }
        if (unfinished.isEmpty()) {
            changed.values().forEach(Pile::close);
        }
    }

    private void forget(long watermark) {
        while (!slices.isEmpty() && isExpired(slices.first(), watermark)) {
            slices.forgetFirst();
        }
        panes.forget(watermark, grid.size() + lateness);
    }

    /** One window. */
    private abstract class Firing extends PartFiring {
        final long window;

        Firing(long window) {
            this.window = window;
        }

        @Override
        Iterator<Batch> batches(Tally sum) {
            return panes.batches(window, grid.size(), sum, false);
        }

        @Override
        void done(Tally sum) {
            slices.done(sum);
            piles.makeRoom();
        }
    }

    /** A window that is complete; then the slices that nobody needs any more go. */
    private final class CompleteFiring extends Firing {
        private final long forget;

        CompleteFiring(long window, long forget) {
            super(window);
            this.forget = forget;
        }

        @Override
        int bits() {
            return slices.bits(window);
        }

        @Override
        Tally sum(int ofPart, int ofBits) {
            return slices.sum(window, ofPart, ofBits);
        }

        @Override
        void end() {
            forget(forget);
        }
    }

    /** What a window that is not complete has of the keys that have changed. */
    private final class EarlyFiring extends Firing {
        private final NavigableMap<Long, Pile> changed;
        private final List<Pile> own;
        private final boolean last;

        EarlyFiring(long window, NavigableMap<Long, Pile> changed, boolean last) {
            super(window);
            this.changed = changed;
            this.own = List.copyOf(
                    changed.subMap(window, true, window + grid.size(), false).values());
            this.last = last;
        }

        @Override
        int bits() {
            return Pile.bits(own);
        }

        @Override
        Tally sum(int ofPart, int ofBits) {
            Tally some = new Tally(keys, 0);
            own.forEach(pile -> pile.mergeInto(some, ofPart, ofBits));
            return slices.sum(window, some.table());
        }

        @Override
        void end() {
            if (last) {
                changed.values().forEach(Pile::close);
                changed.clear();
            }
        }
    }

    @Override
    public void addPiles(List<RunOwner> to) {
        slices.addPiles(to);
        panes.addPiles(to);
    }

    @Override
    public void save(List<Batch> tables) {
        StateTables saved = new StateTables(tables, results.allocator());
        try {
            slices.save(saved);
            panes.save(saved);
            saved.end();
        } finally {
            saved.drop();
        }
    }

    @Override
    public List<Run> load(Batch table, long watermark) {
        due = Long.MIN_VALUE;
        LongPredicate isOver = start -> isExpired(start, watermark);
        List<Run> runs =
                switch (table.schema().getFields().get(keys.keys().size()).getName()) {
                    case Slices.SLICE -> slices.load(table, false, isOver);
                    case Slices.CHANGED -> slices.load(table, true, isOver);
                    default -> panes.load(table, window -> window + grid.size() + lateness <= watermark);
                };
        piles.makeRoom();
        return runs;
    }
}
