package io.solstice.worker.userstate;

import io.solstice.api.row.Row;
import io.solstice.api.row.ValueReader;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.keyed.GroupTable;
import io.solstice.worker.overflow.Overflow;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * What an operator keeps, by key. The keys are numbered; what has been used lately is there as objects, everything else
 * as rows of {@link Runs}, from where it is read again when it is needed. So a large state is a few large columns, not
 * many small objects, it is loaded without being looked at row by row, and a checkpoint writes the runs as they are.
 *
 * <p>The idea is that of the log-structured stores, with a hash table of all keys in the place of a search in each run.
 * Used by the task's thread.
 */
final class KeyTable implements AutoCloseable {
    private static final int FIRST_ROWS = 1 << 10;
    private static final int FEW_KEYS = 1 << 10;

    private final KeyedStateTables tables;
    private final Sizes sizes;
    private final Runs runs;
    private @Nullable GroupTable keys;
    private @Nullable Kept[] kept = new Kept[0];
    /** The keys of which something is there as objects. */
    private int[] used = new int[16];

    private int usedCount;
    private double rowBytes;
    private int loads;
    private int[] numbers = new int[0];
    private FieldVector @Nullable [] oneKey;
    private @Nullable Overflow overflow;

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

    KeyTable(KeyedStateTables tables, Sizes sizes) {
        this.tables = tables;
        this.sizes = sizes;
        this.runs = new Runs(tables, sizes);
    }

    Runs runs() {
        return runs;
    }

    /** How often this has been loaded. */
    int loads() {
        return loads;
    }

    private GroupTable keys() {
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
        int rows = batch.rowCount();
        if (numbers.length < rows) {
            numbers = new int[rows];
        }
        keys().assign(tables.keyColumns(batch), rows, numbers);
        room();
        return numbers;
    }

    private void room() {
        int size = keys().size();
        if (kept.length < size) {
            kept = Arrays.copyOf(kept, Math.max(size, kept.length * 2));
        }
        runs.room(kept.length);
    }

    int compare(int one, int other) {
        return keys().compare(one, other);
    }

    /** A key as a row of its columns. */
    Row key(int key, BufferAllocator allocator) {
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
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i++) {
            columns[i].setValueCount(1);
            values.put(tables.keys().get(i), ValueReader.of(columns[i]).read(0));
        }
        return Row.ofMap(values);
    }

    /** What is kept for a key; null for nothing. */
    @Nullable
    Kept get(int key) {
        Kept known = kept[key];
        if (known == null) {
            known = runs.read(key);
            if (known != null) {
                use(key, known);
            }
        }
        return known;
    }

    Kept getOrAdd(int key) {
        Kept known = get(key);
        if (known == null) {
            known = new Kept(tables.slots());
            use(key, known);
        }
        return known;
    }

    private void use(int key, Kept objects) {
        kept[key] = objects;
        if (usedCount == used.length) {
            used = Arrays.copyOf(used, usedCount * 2);
        }
        used[usedCount++] = key;
    }

    private int objectsAtMost() {
        return (int) Math.min(sizes.objects(), Math.max(16, sizes.runBytes() / Math.max(1, rowBytes)));
    }

    /** Whether there is so much as objects that it should be {@link #settle settled}. */
    boolean isFull() {
        return usedCount >= objectsAtMost();
    }

    /** Writes all that has been changed into runs. Not while a key is being handled. */
    void settle(BufferAllocator allocator) {
        int[] changed = new int[usedCount];
        @Nullable Kept[] content = new Kept[usedCount];
        int count = 0;
        for (int i = 0; i < usedCount; i++) {
            Kept of = Objects.requireNonNull(kept[used[i]]);
            boolean gone = of.isEmpty();
            if (of.changed && (!gone || runs.has(used[i]))) {
                content[count] = gone ? null : of;
                changed[count++] = used[i];
            }
        }
        write(changed, content, count, tables.nowMillis(), allocator);
        forget();
        runs.tidy(this::write, allocator);
        runs.makeRoom(overflow(allocator));
    }

    private Overflow overflow(BufferAllocator allocator) {
        Overflow known = overflow;
        if (known == null) {
            known = new Overflow(allocator);
            overflow = known;
        }
        return known;
    }

    /** Some keys with what is kept for them, as new runs. */
    private void write(int[] some, @Nullable Kept[] content, int count, long newestMillis, BufferAllocator allocator) {
        int written = 0;
        while (written < count) {
            int rows = Math.min(count - written, rowsAtOnce());
            Batch table = tables.write(keys(), some, content, written, rows, allocator);
            rowBytes = (double) table.byteSize() / rows;
            runs.add(table, Arrays.copyOfRange(some, written, written + rows), newestMillis);
            written += rows;
        }
    }

    private int rowsAtOnce() {
        return rowBytes == 0
                ? Math.min(FIRST_ROWS, sizes.runRows())
                : (int) Math.max(1, Math.min(sizes.runRows(), sizes.runBytes() / rowBytes));
    }

    /** All objects have been written: they are kept if they are not many, for what comes next. */
    private void forget() {
        boolean all = usedCount > objectsAtMost() / 2;
        int left = 0;
        for (int i = 0; i < usedCount; i++) {
            Kept of = Objects.requireNonNull(kept[used[i]]);
            of.changed = false;
            if (all || of.isEmpty()) {
                kept[used[i]] = null;
            } else {
                used[left++] = used[i];
            }
        }
        usedCount = left;
    }

    /** Takes the table, which stays the caller's; returns the number of its run. */
    long load(Batch table, BufferAllocator allocator) {
        loads++;
        int[] own = Arrays.copyOf(numbers(table), table.rowCount());
        long run = runs.add(table.share(), own, tables.nowMillis());
        runs.makeRoom(overflow(allocator));
        return run;
    }

    /** Every moment that a key waits for. */
    void forEachMoment(boolean clock, MomentSink sink) {
        runs.forEachMoment(clock, key -> kept[key] == null, sink);
        for (int i = 0; i < usedCount; i++) {
            Moments moments = Objects.requireNonNull(kept[used[i]]).moments(clock);
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
        if (before == null || before.size() < FEW_KEYS || before.size() / 2 < runs.live() + usedCount) {
            return null;
        }
        int[] left = new int[before.size()];
        int[] renumbered = new int[before.size()];
        int count = 0;
        for (int key = 0; key < before.size(); key++) {
            boolean isKept = runs.mentions(key) || kept[key] != null;
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
        runs.renumber(renumbered, left, count, objects.length);
        return renumbered;
    }

    @Override
    public void close() {
        runs.close();
        if (oneKey != null) {
            for (FieldVector column : oneKey) {
                column.close();
            }
            oneKey = null;
        }
    }
}
