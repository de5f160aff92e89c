package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.keyed.GroupTable;
import io.solstice.worker.pile.Generations;
import io.solstice.worker.pile.Parts;
import io.solstice.worker.pile.Piles;
import io.solstice.worker.pile.Run;
import io.solstice.worker.pile.RunOwner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Open sessions, of which more may come than there is memory: those that rows are added to, on top of runs of what was
 * among them before. What a key has in several places are parts of its sessions, which become one where they overlap. A
 * row that is not late cannot belong to a session that has been given out, so it is added without a look at the runs;
 * all that a key has is brought together before a late row is added to it, and before a session of it is given out.
 * When all sessions of a key have been brought together, what older runs have of it does not count any more; and what
 * has been forgotten by the watermark never does. Used by the task's thread.
 */
final class SessionFiles implements RunOwner {
    private final Piles piles;
    private final TallyShape shape;
    private final SessionTime time;
    private final SessionWriter writer;
    /** Oldest first. */
    private final List<SessionRun> runs = new ArrayList<>();

    private Sessions live;
    private long liveBytes;
    private int generation;
    private boolean touched;
    /** Whether somebody goes over the runs. */
    private boolean advancing;

    /** As far as everything that was due has been given out and forgotten. */
    private long watermark = Long.MIN_VALUE;

    SessionFiles(Piles piles, TallyShape shape, SessionTime time) {
        this.piles = piles;
        this.shape = shape;
        this.time = time;
        this.writer = new SessionWriter(piles, shape, time);
        this.live = new Sessions(shape, time, 0);
        piles.add(this);
    }

    /** What rows are added to, until {@link #changed}. */
    Sessions live() {
        return live;
    }

    /** Whether all there is is in memory. */
    boolean isPlain() {
        return runs.isEmpty();
    }

    /** The runs there are now, oldest first, none of which goes before {@link #advanced}. */
    List<SessionRun> begin() {
        advancing = true;
        return List.copyOf(runs);
    }

    /** Sessions have changed, and none is about to be given out: makes room if need be. */
    void changed() {
        touched = true;
        measure();
        piles.makeRoom();
    }

    private void measure() {
        long now = live.heapBytes();
        piles.addHeap(now - liveBytes);
        liveBytes = now;
    }

    @Override
    public long liveBytes() {
        return liveBytes;
    }

    @Override
    public boolean isJoined() {
        return false;
    }

    @Override
    public List<Run> runs() {
        return runs.stream().map(SessionRun::run).toList();
    }

    /** Whether sessions of a key may be in runs that are not in the table. */
    boolean isPartial(int key) {
        return !runs.isEmpty() && !live.table().whole[key];
    }

    /** The rows of a run for which something is due by then; they are not due again. */
    int[] due(SessionRun run, long now) {
        return run.takeDue(time.stepOf(now), watermark);
    }

    /** The rows of a run of which results that are not complete are wanted; they are not wanted again. */
    int[] changed(SessionRun run) {
        int[] rows = run.mayBeChanged() ? run.changed(watermark) : new int[0];
        run.unchanged();
        return rows;
    }

    /** How many rows of runs should be looked at together. */
    int stepRows() {
        long rows = 1;
        long bytes = 0;
        for (SessionRun run : runs) {
            rows += run.run().rows();
            bytes += run.run().heapBytes();
        }
        return (int) Math.max(16, Math.min(1 << 17, 2 * piles.partBytes() / Math.max(16, bytes / rows)));
    }

    /** Adds the keys of some rows of a run, in rising order. */
    void addKeys(SessionRun run, int[] rows, int from, int to, GroupTable some) {
        Selection selection = new Selection();
        for (int i = from; i < to; i++) {
            selection.add(rows[i]);
        }
        int[] keys = new int[shape.keys().size()];
        Arrays.setAll(keys, i -> i);
        try (Batch all = run.run().table().select(keys);
                Batch found = Gather.rows(all, selection, piles.memory())) {
            some.assign(SessionRows.keys(found, keys.length), found.rowCount(), new int[found.rowCount()]);
        }
    }

    /** Brings together all that there is of some keys. */
    void complete(GroupTable some) {
        int count = some.size();
        if (count == 0) {
            return;
        }
        int[] keys = live.assign(some);
        boolean[] missing = new boolean[count];
        int[] first = new int[count];
        int[] hashes = new int[count];
        int wanted = 0;
        for (int i = 0; i < count; i++) {
            missing[i] = isPartial(keys[i]);
            if (missing[i]) {
                first[i] = live.detach(keys[i]);
                hashes[wanted++] = some.hash(i) ^ Integer.MIN_VALUE;
            }
        }
        Arrays.sort(hashes, 0, wanted);
        int[] sorted = new int[wanted];
        for (int i = 0; i < wanted; i++) {
            sorted[i] = hashes[i] ^ Integer.MIN_VALUE;
        }
        for (SessionRun run : runs) {
            takeBack(run, run.find(sorted, watermark), some, keys, missing);
        }
        for (int i = 0; i < count; i++) {
            if (missing[i]) {
                live.attach(keys[i], first[i]);
            }
        }
    }

    private void takeBack(SessionRun run, IntList rows, GroupTable some, int[] keys, boolean[] missing) {
        if (rows.size() == 0) {
            return;
        }
        try (Batch candidates = Gather.rows(run.run().table(), selection(rows), piles.memory())) {
            int[] places = new int[rows.size()];
            some.find(SessionRows.keys(candidates, shape.keys().size()), places.length, places);
            Selection found = new Selection();
            for (int i = 0; i < places.length; i++) {
                if (places[i] >= 0 && missing[places[i]]) {
                    run.take(rows.get(i));
                    places[found.rowCount()] = keys[places[i]];
                    found.add(i);
                }
            }
            if (found.rowCount() > 0) {
                try (Batch own = Gather.rows(candidates, found, piles.memory())) {
                    live.absorb(new SessionRows(own, shape.keys().size()), places, true);
                }
            }
        }
    }

    private static Selection selection(IntList rows) {
        Selection selection = new Selection();
        for (int i = 0; i < rows.size(); i++) {
            selection.add(rows.get(i));
        }
        return selection;
    }

    /** Everything that was due by then has been given out and forgotten. */
    void advanced(long to) {
        watermark = Math.max(watermark, to);
        List<SessionRun> over =
                runs.stream().filter(run -> run.isOver(watermark)).toList();
        runs.removeAll(over);
        over.forEach(run -> piles.drop(run.run()));
        advancing = false;
        compactMany();
    }

    private void compactMany() {
        if (!advancing && Generations.count(runs()) > piles.sizes().generations()) {
            compact();
        }
    }

    @Override
    public void freeze() {
        IntList open = live.table().open();
        if (open.size() > 0) {
            runs.addAll(writer.write(live, open, runs.isEmpty(), ++generation));
        }
        live = new Sessions(shape, time, 0);
        touched = false;
        measure();
        compactMany();
    }

    @Override
    public void settle() {
        measure();
        long older = runs.stream().mapToLong(run -> run.run().rows()).sum();
        int most = piles.sizes().pieceRows();
        long least = touched ? most : Math.min(most, Math.max(piles.sizes().restingRows(), older / 8));
        touched = false;
        if (live.table().keys() >= least) {
            freeze();
        }
    }

    /** Merges the newest runs. */
    private void compact() {
        int from = Generations.mergeFrom(runs(), piles.sizes().generations());
        List<SessionRun> merging = List.copyOf(runs.subList(from, runs.size()));
        List<SessionRun> merged = new ArrayList<>();
        long bytes = merging.stream().mapToLong(run -> run.run().heapBytes()).sum();
        int bits = Generations.bitsFor(bytes, 4 * piles.partBytes());
        int newest = merging.get(merging.size() - 1).run().generation();
        try {
            for (int part = 0; part < 1 << bits; part++) {
                Sessions sum = new Sessions(shape, time, 0);
                for (SessionRun run : merging) {
                    mergePart(run, run.part(part, bits, watermark), sum);
                }
                IntList open = sum.table().open();
                merged.addAll(writer.write(sum, open, from == 0, newest));
            }
        } catch (RuntimeException | Error failure) {
            merged.forEach(run -> piles.drop(run.run()));
            throw failure;
        }
        runs.subList(from, runs.size()).clear();
        runs.addAll(merged);
        merging.forEach(run -> piles.replaced(run.run()));
    }

    private void mergePart(SessionRun run, int[] rows, Sessions sum) {
        if (rows.length == 0) {
            return;
        }
        Selection selection = new Selection();
        for (int row : rows) {
            selection.add(row);
        }
        try (Batch part = Gather.rows(run.run().table(), selection, piles.memory())) {
            SessionRows sessions = new SessionRows(part, shape.keys().size());
            int[] keys = new int[rows.length];
            sum.assign(sessions.keys(), rows.length, keys);
            sum.absorb(sessions, keys, true);
        }
    }

    /** Adds a copy of what is in no run. */
    void save(List<Batch> tables) {
        StateTables saved = new StateTables(tables, piles.memory());
        IntList all = live.table().open();
        int[] open = all.items();
        int count = all.size();
        try {
            for (int from = 0; from < count; from += StateTables.ROWS) {
                live.save(open, from, Math.min(StateTables.ROWS, count - from), runs.isEmpty(), saved, piles.memory());
            }
            saved.end();
        } finally {
            saved.drop();
        }
    }

    /** Takes back a table; returns the run that it has become, or null. */
    @Nullable
    Run load(Batch table, long reached) {
        watermark = Math.max(watermark, reached);
        int keys = shape.keys().size();
        if (table.rowCount() == 0) {
            return null;
        }
        int[] hashes = new int[table.rowCount()];
        FieldVector[] columns = SessionRows.keys(table, keys);
        boolean marked = table.schema().getCustomMetadata().keySet().containsAll(Run.MARK.keySet());
        if (marked) {
            GroupTable.of(shape.keys(), 0).hashes(columns, hashes.length, hashes);
            if (isRising(hashes)) {
                generation += follows(hashes[0]) ? 0 : 1;
                SessionRun run = new SessionRun(piles, generation, table.share(), keys, hashes, time);
                runs.add(run);
                piles.added(run.run());
                return run.run();
            }
        }
        int[] groups = new int[hashes.length];
        live.assign(columns, groups.length, groups);
        live.absorb(new SessionRows(table, keys), groups, marked);
        for (int group : groups) {
            live.scheduleAll(group);
        }
        changed();
        return null;
    }

    /** Whether a run that begins with that hash has other keys than the runs of the newest generation. */
    private boolean follows(int hash) {
        Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1).run();
        return last != null && last.generation() == generation && last.endPart() <= Parts.partOf(hash) + 1;
    }

    private static boolean isRising(int[] hashes) {
        for (int i = 1; i < hashes.length; i++) {
            if (Integer.compareUnsigned(hashes[i - 1], hashes[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        runs.forEach(run -> piles.drop(run.run()));
        runs.clear();
        piles.addHeap(-liveBytes);
        liveBytes = 0;
        piles.remove(this);
    }
}
