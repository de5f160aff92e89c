package io.solstice.worker.pile;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.aggregate.Tally;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.keyed.GroupTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and their aggregates: a table that rows are added to, and runs of what was in it before. What a key has is in the
 * table and in any number of the runs, and its aggregate is all of that together, the oldest first. Used by the task's
 * thread.
 */
public final class Pile implements RunOwner {
    private static final int PART_ROWS = 256;

    private final Piles piles;
    private final TallyShape shape;
    private final RunWriter writer;
    private final boolean joined;
    /** Oldest first. */
    private final List<Run> runs = new ArrayList<>();

    private Tally live;
    private long liveBytes;
    private int generation;
    /** Whether rows have come since the last cut. */
    private boolean touched;
    /** Of the table, until it changes. */
    private @Nullable Parts parts;

    /**
     * @param tag stands behind the keys in tables of the state
     * @param live what is there, or nothing; becomes this one's
     */
    public Pile(Piles piles, TallyShape shape, @Nullable Tag tag, Tally live) {
        this.piles = piles;
        this.shape = shape;
        this.writer = new RunWriter(piles, shape, tag);
        this.joined = tag != null && tag.joined();
        this.live = live;
        piles.add(this);
    }

    public Pile(Piles piles, TallyShape shape, @Nullable Tag tag) {
        this(piles, shape, tag, new Tally(shape, 0));
    }

    /** What rows are added to; {@link #changed} is to be called then. */
    public Tally live() {
        return live;
    }

    /** The live table has other content now. */
    public void changed() {
        touched = true;
        parts = null;
        long now = live.heapBytes();
        piles.addHeap(now - liveBytes);
        liveBytes = now;
    }

    @Override
    public long liveBytes() {
        return liveBytes;
    }

    int liveRows() {
        return live.size();
    }

    @Override
    public boolean isJoined() {
        return joined;
    }

    @Override
    public List<Run> runs() {
        return runs;
    }

    /** Whether the live table has everything. */
    public boolean isPlain() {
        return runs.isEmpty();
    }

    /** How many rows there are, of which several may be of one key. */
    public long rows() {
        return live.size() + runRows();
    }

    /** About how much of the heap everything would take in one table, at most. */
    public long heapBytes() {
        return liveBytes + runs.stream().mapToLong(Run::heapBytes).sum();
    }

    @Override
    public void freeze() {
        if (live.size() == 0) {
            return;
        }
        List<Run> written = writer.write(live, Parts.of(live.table()), generation + 1);
        generation++;
        runs.addAll(written);
        live = new Tally(shape, 0);
        changed();
        touched = false;
        if (Generations.count(runs) > piles.sizes().generations()) {
            compact();
        }
    }

    @Override
    public void settle() {
        long least = touched
                ? piles.sizes().pieceRows()
                : Math.min(piles.sizes().pieceRows(), Math.max(piles.sizes().restingRows(), runRows() / 8));
        touched = false;
        if (live.size() >= least) {
            freeze();
        }
    }

    private long runRows() {
        return runs.stream().mapToLong(Run::rows).sum();
    }

    /** Merges the newest runs, and of the older ones those that are not much larger than what is newer. */
    private void compact() {
        List<Run> old = runs.subList(Generations.mergeFrom(runs, piles.sizes().generations()), runs.size());
        List<Run> merging = List.copyOf(old);
        List<Run> written = merged(merging);
        old.clear();
        runs.addAll(written);
        merging.forEach(piles::replaced);
    }

    private List<Run> merged(List<Run> merging) {
        long bytes = merging.stream().mapToLong(Run::heapBytes).sum();
        int bits = Generations.bitsFor(bytes, 4 * piles.partBytes());
        List<Run> written = new ArrayList<>();
        try {
            for (int part = 0; part < 1 << bits; part++) {
                Tally sum = new Tally(shape, 0);
                for (Run run : merging) {
                    merge(run, sum, part, bits);
                }
                written.addAll(writer.write(
                        sum,
                        Parts.of(sum.table()),
                        merging.get(merging.size() - 1).generation()));
            }
            return written;
        } catch (RuntimeException | Error failure) {
            written.forEach(piles::drop);
            throw failure;
        }
    }

    /** In how many parts, as a power of two, such piles should be merged: in one if their tables have everything. */
    public static int bits(List<Pile> some) {
        if (some.stream().allMatch(Pile::isPlain)) {
            return 0;
        }
        long bytes = some.stream().mapToLong(Pile::heapBytes).sum();
        long rows = some.stream().mapToLong(Pile::rows).sum();
        long runs = some.stream().mapToLong(pile -> pile.runs.size() + 1).sum();
        Piles piles = some.get(0).piles;
        // Parts of a few rows of each run cost more than a table that is not small.
        int worthwhile = Generations.bitsFor(rows / runs, PART_ROWS);
        return Math.min(
                Generations.bitsFor(bytes, piles.partBytes()),
                Math.max(worthwhile, Generations.bitsFor(bytes, piles.mostPartBytes())));
    }

    /** Adds a part of all that is here, of {@code 1 << bits}. */
    public void mergeInto(Tally sum, int part, int bits) {
        for (Run run : runs) {
            merge(run, sum, part, bits);
        }
        if (bits == 0) {
            sum.merge(live);
            return;
        }
        Parts known = parts == null ? Parts.of(live.table()) : parts;
        parts = known;
        int from = known.starts()[part << (Parts.BITS - bits)];
        int to = known.starts()[(part + 1) << (Parts.BITS - bits)];
        int[] sources = Arrays.copyOfRange(known.order(), from, to);
        int[] targets = new int[to - from];
        sum.table().assign(live.table(), sources, 0, to - from, targets);
        sum.merge(live, sources, targets, to - from);
    }

    private void merge(Run run, Tally sum, int part, int bits) {
        int from = run.startOf(part << (Parts.BITS - bits));
        int to = run.startOf((part + 1) << (Parts.BITS - bits));
        if (from < to) {
            try (Batch rows = run.table().slice(from, to - from)) {
                sum.load(writer.keys(rows), writer.aggregates(rows), to - from, new int[to - from]);
            }
        }
    }

    /**
     * Adds all that is known here of some keys.
     *
     * @param sum of just these keys: its table is theirs
     */
    public void mergeSome(GroupTable some, Tally sum) {
        mergeRunsOfSome(some, sum);
        int count = some.size();
        int[] found = new int[count];
        int[] to = new int[count];
        live.table().find(some, TallyShape.sequence(count), 0, count, found);
        int there = 0;
        for (int i = 0; i < count; i++) {
            if (found[i] >= 0) {
                found[there] = found[i];
                to[there++] = i;
            }
        }
        sum.merge(live, found, to, there);
    }

    /** As the other, without what is in the live table. */
    public void mergeRunsOfSome(GroupTable some, Tally sum) {
        if (runs.isEmpty()) {
            return;
        }
        boolean[] wanted = new boolean[Parts.COUNT];
        for (int group = 0; group < some.size(); group++) {
            wanted[Parts.partOf(some.hash(group))] = true;
        }
        for (Run run : runs) {
            for (int part = run.firstPart(); part < run.endPart(); ) {
                int end = part;
                while (end < run.endPart() && wanted[end]) {
                    end++;
                }
                mergeFound(run, run.startOf(part), run.startOf(end), some, sum);
                part = end + 1;
            }
        }
    }

    private void mergeFound(Run run, int from, int to, GroupTable some, Tally sum) {
        int rows = to - from;
        if (rows == 0) {
            return;
        }
        try (Batch part = run.table().slice(from, rows)) {
            int[] groups = new int[rows];
            some.find(writer.keys(part), rows, groups);
            Selection found = new Selection();
            for (int row = 0; row < rows; row++) {
                if (groups[row] >= 0) {
                    groups[found.rowCount()] = groups[row];
                    found.add(row);
                }
            }
            if (found.rowCount() > 0) {
                try (Batch rest = Gather.rows(part, found, piles.memory())) {
                    sum.load(writer.aggregates(rest), rest.rowCount(), groups);
                }
            }
        }
    }

    /**
     * Takes back rows that were written, which stay the caller's.
     *
     * @return the run that they have become, or null if they were added to the live table
     */
    @Nullable
    public Run load(Batch rows) {
        int[] starts = rows.rowCount() == 0 ? new int[0] : writer.starts(rows);
        if (starts.length > 0) {
            // What came before is older.
            freeze();
            Run run = writer.read(rows, starts, generation + 1);
            addLoaded(run);
            return run;
        }
        live.load(writer.keys(rows), writer.aggregates(rows), rows.rowCount(), new int[rows.rowCount()]);
        changed();
        return null;
    }

    private void addLoaded(Run run) {
        Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        boolean following = last != null && last.generation() == generation && last.endPart() <= run.firstPart() + 1;
        generation += following ? 0 : 1;
        run.setGeneration(generation);
        runs.add(run);
        piles.added(run);
    }

    /** Everything is gone. */
    @Override
    public void close() {
        runs.forEach(piles::drop);
        runs.clear();
        piles.addHeap(-liveBytes);
        liveBytes = 0;
        piles.remove(this);
    }
}
