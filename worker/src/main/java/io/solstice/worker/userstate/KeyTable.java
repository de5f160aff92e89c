package io.solstice.worker.userstate;

import io.solstice.api.row.Row;
import io.solstice.api.row.ValueReader;
import io.solstice.common.protocol.StateUse;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.keyed.GroupTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * What an operator keeps, by key. The keys are numbered; what has been used lately is there as objects, everything else
 * where it lies for good. Used by the task's thread.
 */
abstract sealed class KeyTable implements AutoCloseable permits ColumnTable, StoreTable {
    private static final int FIRST_ROWS = 1 << 10;
    private static final int FEW_KEYS = 1 << 10;
    /** About as much of the heap as a key takes that is a number. */
    private static final long KEY_BYTES = 64;

    final KeyedStateTables tables;
    final Sizes sizes;
    private @Nullable GroupTable keys;
    private @Nullable Kept[] kept = new Kept[0];
    /** The keys of which something is there as objects. */
    private int[] used = new int[16];

    private int usedCount;
    private int loads;
    private int[] numbers = new int[0];
    private FieldVector @Nullable [] oneKey;

    /**
     * What is small and what is large.
     *
     * @param objects so many keys are kept as objects, or fewer if they have more than {@code runBytes}
     * @param runRows a run has no more rows than this
     * @param runBytes nor more bytes
     * @param spareRows so many rows may be out of date, and a quarter of the others besides
     * @param fewRuns a small state is in no more runs than this
     */
    record Sizes(int objects, int runRows, int runBytes, int spareRows, int fewRuns) {
        static final Sizes DEFAULT = new Sizes(1 << 16, 1 << 16, 64 << 20, 1 << 13, 32);
    }

    /** Takes a moment that a key waits for. */
    @FunctionalInterface
    interface MomentSink {
        void take(int key, long micros);
    }

    /**
     * A part of the state at a cut.
     *
     * @param name of one that never changes; null for one that no later cut has again
     * @param table its content; null if it is stored
     */
    record Part(@Nullable Object name, @Nullable Batch table) {}

    KeyTable(KeyedStateTables tables, Sizes sizes) {
        this.tables = tables;
        this.sizes = sizes;
    }

    /** Where it lies. */
    abstract StateUse use();

    /** What is kept for a key that is not there as objects; null for nothing. */
    abstract @Nullable Kept read(int key);

    /** Whether something is kept for a key besides its objects. */
    abstract boolean has(int key);

    /** Whether the number of a key is needed, even if nothing of it is there as objects. */
    abstract boolean mentions(int key);

    /** How many keys are mentioned. */
    abstract long mentioned();

    /** For keys of smaller numbers. */
    abstract void room(int keys);

    /** How large what is kept for a key is on average; 0 if that is not known. */
    abstract double rowBytes();

    /** Keeps what has changed; null for a key of which nothing is left. */
    abstract void write(int[] changed, @Nullable Kept[] content, int count, BufferAllocator allocator);

    /** All changes have been written. */
    abstract void written(int count, BufferAllocator allocator);

    /** Takes a table, which stays the caller's; returns the name of its part, if it has one. */
    abstract @Nullable Object take(Batch table, BufferAllocator allocator);

    /** The moments of the keys of which nothing is there as objects. */
    abstract void forEachKeptMoment(boolean clock, MomentSink sink);

    /** As {@link io.solstice.worker.userstate.Runs#renumber}. */
    abstract void renumber(int[] renumbered, int[] old, int count, int room);

    /** All parts of the state, after it has been settled. @param isStored whether a part's table is not needed */
    abstract List<Part> parts(Predicate<Object> isStored, BufferAllocator allocator);

    /** The table of a part as it was stored, if it is in memory; it stays this one's. */
    @Nullable
    Batch inMemory(Object name) {
        return null;
    }

    /** How often this has been loaded. */
    int loads() {
        return loads;
    }

    final void loaded() {
        loads++;
    }

    /**
     * About so many rows will have been loaded: room for their keys is made at once, since a table that grows step by
     * step needs half as much again of the heap. Not for more than a quarter of it, whatever is said.
     */
    void expect(long rows) {
        GroupTable known = keys;
        if (known != null) {
            int most = (int) Math.min(1 << 28, Runtime.getRuntime().maxMemory() / (4 * KEY_BYTES));
            int expected = (int) Math.min(rows, most);
            known.reserve(expected);
            if (kept.length < expected) {
                kept = Arrays.copyOf(kept, expected);
            }
            room(kept.length);
        }
    }

    final GroupTable keys() {
        GroupTable known = keys;
        if (known == null) {
            known = GroupTable.of(tables.keyFields(), FIRST_ROWS);
            keys = known;
        }
        return known;
    }

    /** The numbers of the keys of a batch's rows; valid until the next call. */
    int[] numbers(Batch batch) {
        tables.seen(batch.schema());
        return numbers(tables.keyColumns(batch), batch.rowCount());
    }

    final int[] numbers(FieldVector[] columns, int rows) {
        if (numbers.length < rows) {
            numbers = new int[rows];
        }
        keys().assign(columns, rows, numbers);
        int size = keys().size();
        if (kept.length < size) {
            kept = Arrays.copyOf(kept, Math.max(size, kept.length * 2));
        }
        room(kept.length);
        return numbers;
    }

    int compare(int one, int other) {
        return keys().compare(one, other);
    }

    /** A key as a row of its columns. */
    Row key(int key, BufferAllocator allocator) {
        FieldVector[] columns = columns(key, allocator);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i++) {
            values.put(tables.keys().get(i), ValueReader.of(columns[i]).read(0));
        }
        return Row.ofMap(values);
    }

    /** A key as columns of one row, valid until the next call. */
    final FieldVector[] columns(int key, BufferAllocator allocator) {
        FieldVector[] columns = oneKey;
        if (columns == null) {
            columns = new FieldVector[tables.keyFields().size()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = tables.keyFields().get(i).createVector(allocator);
                columns[i].setInitialCapacity(1);
                columns[i].allocateNew();
            }
            oneKey = columns;
        }
        keys().write(columns, new int[] {key}, 0, 1);
        for (FieldVector column : columns) {
            column.setValueCount(1);
        }
        return columns;
    }

    /** What is kept for a key; null for nothing. */
    @Nullable
    Kept get(int key) {
        Kept known = kept[key];
        if (known == null) {
            known = read(key);
            if (known != null) {
                use(key, known);
            }
        }
        return known == Kept.NOTHING ? null : known;
    }

    Kept getOrAdd(int key) {
        Kept known = get(key);
        if (known == null) {
            known = new Kept(tables.slots());
            use(key, known);
        }
        return known;
    }

    final void use(int key, Kept objects) {
        boolean isNew = kept[key] == null;
        kept[key] = objects;
        if (!isNew) {
            return;
        }
        if (usedCount == used.length) {
            used = Arrays.copyOf(used, usedCount * 2);
        }
        used[usedCount++] = key;
    }

    /** Its objects, of which there are some. */
    final Kept objects(int key) {
        return Objects.requireNonNull(kept[key]);
    }

    final boolean isUsed(int key) {
        return kept[key] != null;
    }

    private int objectsAtMost() {
        return (int) Math.min(sizes.objects(), Math.max(16, sizes.runBytes() / Math.max(1, rowBytes())));
    }

    /** Whether there is so much as objects that it should be {@link #settle settled}. */
    boolean isFull() {
        return usedCount >= objectsAtMost();
    }

    /** How many more keys can be kept as objects before it is. */
    final int roomForMore() {
        return Math.max(0, objectsAtMost() - usedCount);
    }

    /** Writes all that has been changed to where it lies. Not while a key is being handled. */
    final void settle(BufferAllocator allocator) {
        int[] changed = new int[usedCount];
        @Nullable Kept[] content = new Kept[usedCount];
        int count = 0;
        for (int i = 0; i < usedCount; i++) {
            Kept of = objects(used[i]);
            boolean gone = of.isEmpty();
            if (of.changed && (!gone || has(used[i]))) {
                content[count] = gone ? null : of;
                changed[count++] = used[i];
            }
        }
        write(changed, content, count, allocator);
        forget();
        written(count, allocator);
    }

    /** All objects have been written: they are kept if they are not many, for what comes next. */
    private void forget() {
        boolean all = usedCount > objectsAtMost() / 2;
        int left = 0;
        for (int i = 0; i < usedCount; i++) {
            Kept of = objects(used[i]);
            if (all || of.isEmpty()) {
                kept[used[i]] = null;
            } else {
                of.changed = false;
                used[left++] = used[i];
            }
        }
        usedCount = left;
    }

    /** Takes the table, which stays the caller's; returns the name of its part, if it has one. */
    final @Nullable Object load(Batch table, BufferAllocator allocator) {
        loads++;
        return take(table, allocator);
    }

    /** Every moment that a key waits for. */
    final void forEachMoment(boolean clock, MomentSink sink) {
        forEachKeptMoment(clock, sink);
        for (int i = 0; i < usedCount; i++) {
            Moments moments = objects(used[i]).moments(clock);
            for (long micros : moments == null ? List.<Long>of() : moments.toList()) {
                sink.take(used[i], micros);
            }
        }
    }

    /**
     * Forgets the keys of which nothing is kept any more, if they are the most.
     *
     * @return the new number of each key, or -1; null if all have the number that they had
     */
    int @Nullable [] forgetKeys() {
        GroupTable before = keys;
        if (before == null || before.size() < FEW_KEYS || before.size() / 2 < mentioned() + usedCount) {
            return null;
        }
        int[] left = new int[before.size()];
        int[] renumbered = new int[before.size()];
        int count = 0;
        for (int key = 0; key < before.size(); key++) {
            boolean isKept = mentions(key) || kept[key] != null;
            renumbered[key] = isKept ? count : -1;
            if (isKept) {
                left[count++] = key;
            }
        }
        List<Field> fields = tables.keyFields();
        GroupTable fresh = GroupTable.of(fields, Math.max(FIRST_ROWS, count));
        fresh.assign(before, left, 0, count, new int[count]);
        keys = fresh;
        @Nullable Kept[] objects = new Kept[Math.max(FIRST_ROWS, count)];
        for (int i = 0; i < usedCount; i++) {
            int number = renumbered[used[i]];
            objects[number] = kept[used[i]];
            used[i] = number;
        }
        kept = objects;
        renumber(renumbered, left, count, objects.length);
        return renumbered;
    }

    @Override
    public void close() {
        if (oneKey != null) {
            for (FieldVector column : oneKey) {
                column.close();
            }
            oneKey = null;
        }
    }
}
