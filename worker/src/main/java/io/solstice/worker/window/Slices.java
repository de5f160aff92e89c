package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.Tally;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.keyed.GroupTable;
import io.solstice.worker.pile.Pile;
import io.solstice.worker.pile.Piles;
import io.solstice.worker.pile.Run;
import io.solstice.worker.pile.RunOwner;
import io.solstice.worker.pile.Tag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** The slices of tumbling and sliding windows, by their start, and the sums of those that a window has. */
final class Slices {
    static final String SLICE = PartialRows.SLICE;
    static final String CHANGED = "changed.start";

    private final AggregationPlan plan;
    private final TallyShape keys;
    private final SliceGrid grid;
    private final Piles piles;
    private final TreeMap<Long, Slice> all = new TreeMap<>();

    /** The size of the slice that was forgotten last is the best guess for the next one. */
    private int expected;

    private @Nullable Tally spare;
    /** Memory for the sums of windows. */
    private @Nullable Tally sums;

    /** What a slice has, and, if there are early results, the keys that have changed since the last ones. */
    static final class Slice {
        final Pile pile;
        private @Nullable Pile changed;

        Slice(Pile pile) {
            this.pile = pile;
        }
    }

    Slices(AggregationPlan plan, TallyShape keys, SliceGrid grid, Piles piles) {
        this.plan = plan;
        this.keys = keys;
        this.grid = grid;
        this.piles = piles;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    long first() {
        return all.firstKey();
    }

    Collection<Long> starts() {
        return all.keySet();
    }

    @Nullable
    Slice find(long start) {
        return all.get(start);
    }

    /** A slice that is not here yet. */
    Slice add(long start) {
        boolean newest = all.isEmpty() || start > all.lastKey();
        return add(start, newest ? fresh() : new Tally(plan.shape(), 0));
    }

    private Slice add(long start, Tally tally) {
        Slice slice = new Slice(new Pile(piles, plan.shape(), new Tag(SLICE, start, true), tally));
        all.put(start, slice);
        return slice;
    }

    /** Notes the keys of rows, for early results. */
    void noteChanged(long start, Slice slice, FieldVector[] changed, int rows, int[] groups) {
        Pile noted = changedOf(start, slice);
        noted.live().table().assign(changed, rows, groups);
        noted.changed();
    }

    private Pile changedOf(long start, Slice slice) {
        Pile noted = slice.changed;
        if (noted == null) {
            noted = new Pile(piles, keys, new Tag(CHANGED, start, false));
            slice.changed = noted;
        }
        return noted;
    }

    /** The keys that have changed, by slice; whoever takes them closes them. */
    NavigableMap<Long, Pile> takeChanged() {
        NavigableMap<Long, Pile> taken = new TreeMap<>();
        all.forEach((start, slice) -> {
            Pile changed = slice.changed;
            if (changed != null) {
                taken.put(start, changed);
                slice.changed = null;
            }
        });
        return taken;
    }

    /** Its memory is that of a slice, or of the sum of some, that was forgotten. */
    private Tally fresh() {
        Tally there = spare;
        spare = null;
        return there != null ? there : new Tally(plan.shape(), expected);
    }

    /** Forgets the oldest slice. */
    void forgetFirst() {
        Slice slice = all.pollFirstEntry().getValue();
        Tally forgotten = slice.pile.live();
        slice.pile.close();
        if (slice.changed != null) {
            slice.changed.close();
        }
        expected = forgotten.size();
        if (spare == null && isWorthKeeping(forgotten)) {
            forgotten.clear();
            spare = forgotten;
        }
    }

    private boolean isWorthKeeping(Tally tally) {
        return !tally.table().isTooLarge() && !piles.isTight();
    }

    /** A sum is not needed any more. */
    void done(Tally sum) {
        if (sums == null && isWorthKeeping(sum) && all.values().stream().noneMatch(slice -> slice.pile.live() == sum)) {
            sum.clear();
            sums = sum;
        }
    }

    private Collection<Slice> of(long window) {
        return all.subMap(window, true, window + grid.size(), false).values();
    }

    /** In how many parts a window is summed up, as a power of two. */
    int bits(long window) {
        Collection<Slice> parts = of(window);
        return parts.isEmpty()
                ? 0
                : Pile.bits(parts.stream().map(slice -> slice.pile).toList());
    }

    /** A part of the sum of a window's slices; of one slice that is all in memory, itself. */
    Tally sum(long window, int part, int bits) {
        Collection<Slice> parts = of(window);
        if (parts.size() == 1) {
            Pile one = parts.iterator().next().pile;
            if (one.isPlain()) {
                return one.live();
            }
        }
        Tally known = sums;
        Tally sum = known != null ? known : new Tally(plan.shape(), bits == 0 ? expected : 0);
        sums = null;
        parts.forEach(slice -> slice.pile.mergeInto(sum, part, bits));
        return sum;
    }

    /** What a window has of some keys. */
    Tally sum(long window, GroupTable some) {
        Tally sum = Tally.ofKeys(plan.shape(), some);
        of(window).forEach(slice -> slice.pile.mergeSome(some, sum));
        return sum;
    }

    /** Adds all piles in the order in which they are to be loaded. */
    void addPiles(List<RunOwner> to) {
        all.values().forEach(slice -> to.add(slice.pile));
        all.values().forEach(slice -> {
            if (slice.changed != null) {
                to.add(slice.changed);
            }
        });
    }

    void save(StateTables saved) {
        all.forEach((start, slice) -> add(saved, SLICE, start, slice.pile));
        saved.end();
        all.forEach((start, slice) -> {
            if (slice.changed != null) {
                add(saved, CHANGED, start, slice.changed);
            }
        });
        saved.end();
    }

    static void add(StateTables saved, String tag, long value, Pile pile) {
        saved.add(pile.live(), List.of(new StateTables.Column(tag, row -> value)));
    }

    /** See {@link Kept#load}. */
    List<Run> load(Batch table, boolean changed, LongPredicate isOver) {
        return load(table, keys.keys().size(), (start, rows) -> {
            if (isOver.test(start)) {
                return null;
            }
            Slice slice = all.get(start);
            if (slice == null) {
                slice = add(start, new Tally(plan.shape(), Math.min(rows, StateTables.ROWS / 4)));
            }
            return changed ? changedOf(start, slice) : slice.pile;
        });
    }

    /** Finds the pile of rows with a tag. */
    @FunctionalInterface
    interface PileOf {
        /** Null if it is over. @param rows how many there are */
        @Nullable
        Pile find(long tag, int rows);
    }

    /** Gives a table back to the piles of its rows; returns the runs that it has become as a whole, or none. */
    static List<Run> load(Batch table, int column, PileOf piles) {
        BigIntVector tags = (BigIntVector) table.column(column);
        List<Run> runs = new ArrayList<>();
        boolean[] partly = new boolean[1];
        StateTables.runs(table, column, (from, part) -> {
            Pile pile = piles.find(tags.get(from), part.rowCount());
            Run run = pile == null ? null : pile.load(part);
            if (run != null) {
                runs.add(run);
            }
            partly[0] |= pile != null && run == null;
        });
        return partly[0] ? List.of() : runs;
    }
}
