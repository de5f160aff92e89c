package io.solstice.worker.aggregate;

import io.solstice.worker.keyed.GroupTable;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Keys, and their aggregates. Used by one thread. */
public final class Tally {
    private static final Lane NO_LANE = new Lane(Lane.Kind.WHOLE);
    private static final long[] NO_ORDER = new long[0];

    private final TallyShape shape;
    private final GroupTable table;
    private final Accumulator[] accumulators;

    /** @param expected about how many keys will come */
    public Tally(TallyShape shape, int expected) {
        this(shape, GroupTable.of(shape.keys(), expected), false);
    }

    private Tally(TallyShape shape, GroupTable table, boolean groupsBeginEmpty) {
        this.shape = shape;
        this.table = table;
        this.accumulators = shape.accumulators(groupsBeginEmpty);
    }

    /** The first keys of a table, which have nothing yet. */
    public static Tally ofKeys(TallyShape shape, GroupTable keys) {
        return new Tally(shape, keys, true);
    }

    public int size() {
        return table.size();
    }

    /** Forgets everything, and keeps the memory. */
    public void clear() {
        table.clear();
        for (Accumulator accumulator : accumulators) {
            accumulator.clear();
        }
    }

    /** The keys alone. */
    public GroupTable table() {
        return table;
    }

    /**
     * Adds rows.
     *
     * @param groups is filled with the group of each row
     */
    public void add(FieldVector[] keys, Lane[] lanes, long[] order, int rows, int[] groups) {
        table.assign(keys, rows, groups);
        for (int i = 0; i < accumulators.length; i++) {
            accumulators[i].resize(table.size());
            accumulators[i].add(lanes[i], order, groups, rows);
        }
    }

    /** Adds all that another tally of the same shape has. */
    public void merge(Tally other) {
        int count = other.size();
        int[] targets = new int[count];
        int[] sources = TallyShape.sequence(count);
        table.assign(other.table, sources, 0, count, targets);
        merge(other, sources, targets, count);
    }

    /** Adds groups of another tally to groups that are here. */
    public void merge(Tally other, int[] sources, int[] targets, int count) {
        for (int i = 0; i < accumulators.length; i++) {
            accumulators[i].resize(table.size());
            accumulators[i].merge(other.accumulators[i], sources, targets, count);
        }
    }

    /**
     * Adds one to each of some keys of another table, where the number of rows is all that is aggregated.
     *
     * @param groups is filled with the group of each, here
     * @param before is filled with the number that it had
     */
    public void count(GroupTable other, int[] picks, int count, int[] groups, long[] before) {
        table.assign(other, picks, 0, count, groups);
        Counts counts = (Counts) accumulators[0];
        counts.resize(table.size());
        for (int i = 0; i < count; i++) {
            before[i] = counts.of(groups[i]);
        }
        counts.add(NO_LANE, NO_ORDER, groups, count);
    }

    /** Adds how many rows each group has to numbers by group, where that is all that is aggregated. */
    public void addCounts(long[] to) {
        Counts counts = (Counts) accumulators[0];
        counts.resize(table.size());
        for (int i = 0; i < to.length; i++) {
            to[i] += counts.of(i);
        }
    }

    /** About how much memory it takes. */
    public long heapBytes() {
        long bytes = table.heapBytes();
        for (Accumulator accumulator : accumulators) {
            bytes += accumulator.heapBytes();
        }
        return bytes;
    }

    /** The aggregates of groups as columns of the result, which the caller closes. */
    public List<FieldVector> results(int[] picks, int from, int count, BufferAllocator allocator) {
        return shape.results(accumulators, picks, from, count, allocator);
    }

    /** The keys of groups as columns, which the caller closes. */
    public List<FieldVector> keys(int[] picks, int from, int count, BufferAllocator allocator) {
        return shape.keys(table, picks, from, count, allocator);
    }

    /** All that is known of groups as columns, which the caller closes. */
    public List<FieldVector> saved(int[] picks, int from, int count, BufferAllocator allocator) {
        return shape.saved(accumulators, picks, from, count, allocator);
    }

    /** Adds what {@link #saved} wrote. */
    public void load(FieldVector[] keys, List<FieldVector> saved, int rows, int[] groups) {
        table.assign(keys, rows, groups);
        load(saved, rows, groups);
    }

    /** Adds what {@link #saved} wrote to groups that are here. */
    public void load(List<FieldVector> saved, int rows, int[] groups) {
        shape.load(accumulators, table.size(), saved, groups, rows);
    }
}
