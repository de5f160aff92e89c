package io.solstice.worker.userstate;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Picks;
import io.solstice.worker.overflow.Overflow;
import io.solstice.worker.userstate.KeyTable.MomentSink;
import io.solstice.worker.userstate.KeyTable.Sizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The state as tables, in the order in which they are to be loaded, and where the newest row of each key is. Rows that
 * are out of date are let go of by writing the others of their tables anew, as new tables behind all others. That a key
 * is gone is said by a row of its own for as long as an older table may have a row of it. Used by the task's thread.
 */
final class Runs implements AutoCloseable {
    private static final long NOWHERE = -1;
    private static final long GONE = 1L << 31;
    private static final long ROW = GONE - 1;
    /** At a time so many full runs are written anew, since the task stands still meanwhile. The rest follows. */
    private static final int RUNS_AT_ONCE = 4;

    private final KeyedStateTables tables;
    private final Sizes sizes;
    private final List<Run> all = new ArrayList<>();
    /** A place says in which of these a row is. */
    private @Nullable Run[] slots = new Run[8];
    /** By key: the slot, whether it is gone, and the row. */
    private long[] places = new long[0];

    private long next = 1;
    private long rows;
    private long live;

    /** Writes what is kept for some keys as runs; null for a key that is gone. */
    @FunctionalInterface
    interface Writing {
        void write(int[] keys, @Nullable Kept[] kept, int count, long newestMillis, BufferAllocator allocator);
    }

    Runs(KeyedStateTables tables, Sizes sizes) {
        this.tables = tables;
        this.sizes = sizes;
    }

    List<Run> all() {
        return all;
    }

    /** How many keys have a row. */
    long live() {
        return live;
    }

    /** For keys of smaller numbers. */
    void room(int keys) {
        if (places.length < keys) {
            int before = places.length;
            places = Arrays.copyOf(places, keys);
            Arrays.fill(places, before, keys, NOWHERE);
        }
    }

    private Run runAt(long place) {
        return Objects.requireNonNull(slots[(int) (place >>> 32)]);
    }

    /** Whether something is kept for a key here. */
    boolean has(int key) {
        return places[key] >= 0 && (places[key] & GONE) == 0;
    }

    /** Whether there is a row for the key, if only to say that it is gone. */
    boolean mentions(int key) {
        return places[key] >= 0;
    }

    @Nullable
    Kept read(int key) {
        long place = places[key];
        return has(key) ? runAt(place).states().read((int) (place & ROW)) : null;
    }

    /**
     * Takes over a table with rows newer than all others, at most one for a key.
     *
     * @param newestMillis nothing in it was written after this
     * @return the number of its run
     */
    long add(Batch table, int[] keys, long newestMillis) {
        SavedStates states;
        try {
            states = tables.read(table);
        } catch (RuntimeException | Error failure) {
            table.close();
            throw failure;
        }
        Run run = new Run(next++, table, states, keys, newestMillis);
        long slot = (long) slotFor(run) << 32;
        all.add(run);
        rows += keys.length;
        for (int row = 0; row < keys.length; row++) {
            outdate(keys[row]);
            places[keys[row]] = slot | (states.isGone(row) ? GONE : 0) | row;
        }
        run.addLive(keys.length);
        live += keys.length;
        return run.number;
    }

    private int slotFor(Run run) {
        int slot = 0;
        while (slot < slots.length && slots[slot] != null) {
            slot++;
        }
        if (slot == slots.length) {
            slots = Arrays.copyOf(slots, slot * 2);
        }
        slots[slot] = run;
        return slot;
    }

    private void outdate(int key) {
        if (places[key] >= 0) {
            runAt(places[key]).addLive(-1);
            live--;
        }
    }

    /** Moves all runs to files if memory is short. */
    void makeRoom(Overflow overflow) {
        if (!overflow.isTight()) {
            return;
        }
        List<Run> moving = all.stream().filter(run -> !run.isInFile()).toList();
        if (moving.stream().mapToLong(run -> run.table().byteSize()).sum() < Overflow.LEAST_BYTES) {
            return;
        }
        List<Batch> copies = overflow.copies(moving.stream().map(Run::table).toList());
        for (int i = 0; i < copies.size(); i++) {
            moving.get(i).moveTo(copies.get(i), tables.read(copies.get(i)));
        }
    }

    /** Lets go of tables that have nothing but what has become too old, and what may stay is written anew. */
    private void expire(Writing writing, BufferAllocator allocator) {
        long before = tables.allExpiredBefore();
        List<Run> old =
                atOnce(all.stream().filter(run -> run.newestMillis() <= before).toList());
        if (!old.isEmpty()) {
            // What is left of them does not expire.
            readAndWrite(old, tables.nowMillis(), writing, allocator);
            drop();
        }
    }

    /** Lets go of rows that are out of date until no more are left than may be, and of runs if there are too many. */
    void tidy(Writing writing, BufferAllocator allocator) {
        drop();
        if (tables.expires()) {
            expire(writing, allocator);
        }
        long spare = live / 4 + sizes.spareRows();
        if (rows - live > spare) {
            long excess = rows - live - spare;
            List<Run> most = new ArrayList<>(all);
            most.sort(Comparator.comparingDouble(run -> (double) run.live() / run.rows()));
            List<Run> victims = new ArrayList<>();
            for (int i = 0; excess > 0; i++) {
                excess -= most.get(i).rows() - most.get(i).live();
                victims.add(most.get(i));
            }
            rewrite(atOnce(victims), writing, allocator);
        }
        List<Run> small = new ArrayList<>(all);
        small.removeIf(run -> run.rows() >= sizes.runRows() / 2 || run.table().byteSize() >= sizes.runBytes() / 2);
        if (small.size() > sizes.fewRuns()) {
            small.sort(Comparator.comparingInt(Run::live));
            rewrite(atOnce(small.subList(0, small.size() / 2)), writing, allocator);
        }
    }

    /** The first of some runs, as many as are written anew at a time; at least one. */
    private List<Run> atOnce(List<Run> some) {
        long most = (long) RUNS_AT_ONCE * sizes.runRows();
        int count = 0;
        for (long taken = 0;
                count < some.size() && (count == 0 || taken + some.get(count).live() <= most);
                count++) {
            taken += some.get(count).live();
        }
        return some.subList(0, count);
    }

    /** Those of which no row is needed; before the oldest one there is nothing that could be gone. */
    private void drop() {
        for (int i = 0; i < all.size(); i++) {
            Run run = all.get(i);
            if (i == 0) {
                forgetGone(run);
            }
            if (run.live() == 0) {
                all.remove(i--);
                rows -= run.rows();
                slots[Arrays.asList(slots).indexOf(run)] = null;
                run.close();
            }
        }
    }

    private void forgetGone(Run run) {
        if (!run.states().hasGone()) {
            return;
        }
        for (int row = 0; row < run.rows(); row++) {
            int key = run.key(row);
            if (isNewest(run, row) && (places[key] & GONE) != 0) {
                forget(key);
            }
        }
    }

    private boolean isNewest(Run run, int row) {
        int key = run.key(row);
        return key >= 0 && places[key] >= 0 && runAt(places[key]) == run && (places[key] & ROW) == row;
    }

    /** The newest rows of some runs, as new runs; the old ones are let go of. */
    private void rewrite(List<Run> victims, Writing writing, BufferAllocator allocator) {
        List<Run> several = List.copyOf(victims);
        boolean alike = several.stream()
                .allMatch(run -> run.table()
                        .schema()
                        .getFields()
                        .equals(several.get(0).table().schema().getFields()));
        if (alike && !tables.expires()) {
            copy(several, allocator);
        } else {
            readAndWrite(several, newest(several), writing, allocator);
        }
        drop();
    }

    private void copy(List<Run> from, BufferAllocator allocator) {
        Picks picks = new Picks();
        int[] keys = new int[sizes.runRows()];
        long bytes = 0;
        for (int source = 0; source < from.size(); source++) {
            Run run = from.get(source);
            double rowBytes = (double) run.table().byteSize() / run.rows();
            for (int row = 0; row < run.rows(); row++) {
                if (isNewest(run, row)) {
                    keys[picks.count()] = run.key(row);
                    picks.add(source, row);
                    bytes += (long) rowBytes;
                    if (picks.count() == sizes.runRows() || bytes >= sizes.runBytes()) {
                        add(picked(picks, from, allocator), Arrays.copyOf(keys, picks.count()), newest(from));
                        picks.clear();
                        bytes = 0;
                    }
                }
            }
        }
        if (picks.count() > 0) {
            add(picked(picks, from, allocator), Arrays.copyOf(keys, picks.count()), newest(from));
        }
    }

    private static Batch picked(Picks picks, List<Run> from, BufferAllocator allocator) {
        Schema schema = from.get(0).table().schema();
        List<FieldVector> columns = new ArrayList<>();
        try {
            for (int c = 0; c < schema.getFields().size(); c++) {
                Field field = schema.getFields().get(c);
                int column = c;
                columns.add(picks.column(
                        from.stream().map(run -> run.table().column(column)).toList(), field, allocator));
            }
            return Batch.of(columns, picks.count());
        } catch (RuntimeException | Error failure) {
            columns.forEach(FieldVector::close);
            throw failure;
        }
    }

    /** Where the columns differ, or something has become too old. */
    private void readAndWrite(List<Run> from, long newestMillis, Writing writing, BufferAllocator allocator) {
        int count = from.stream().mapToInt(Run::live).sum();
        // Nobody needs to be told of what is gone if there is nothing older.
        boolean oldest = from.equals(all.subList(0, from.size()));
        int[] keys = new int[count];
        @Nullable Kept[] kept = new Kept[count];
        int found = 0;
        for (Run run : from) {
            for (int row = 0; row < run.rows(); row++) {
                if (!isNewest(run, row)) {
                    continue;
                }
                Kept left = run.states().isGone(row)
                        ? null
                        : tables.young(run.states().read(row));
                if (left == null && oldest) {
                    forget(run.key(row));
                } else {
                    keys[found] = run.key(row);
                    kept[found++] = left;
                }
            }
        }
        writing.write(keys, kept, found, newestMillis, allocator);
    }

    private static long newest(List<Run> runs) {
        return runs.stream().mapToLong(Run::newestMillis).max().orElseThrow();
    }

    private void forget(int key) {
        outdate(key);
        places[key] = NOWHERE;
    }

    /** @param which keys are meant */
    void forEachMoment(boolean clock, IntPredicate which, MomentSink sink) {
        for (Run run : all) {
            for (int row = 0; run.states().hasMoments(clock) && row < run.rows(); row++) {
                if (isNewest(run, row) && which.test(run.key(row))) {
                    for (long micros : run.states().moments(row, clock)) {
                        sink.take(run.key(row), micros);
                    }
                }
            }
        }
    }

    /**
     * The keys have other numbers from now on.
     *
     * @param renumbered by old number
     * @param old by new number
     */
    void renumber(int[] renumbered, int[] old, int count, int room) {
        long[] before = places;
        places = new long[0];
        room(room);
        for (int key = 0; key < count; key++) {
            places[key] = before[old[key]];
        }
        all.forEach(run -> run.renumber(renumbered));
    }

    @Override
    public void close() {
        all.forEach(Run::close);
        all.clear();
    }
}
