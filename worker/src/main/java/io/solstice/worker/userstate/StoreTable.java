package io.solstice.worker.userstate;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.StateUse;
import io.solstice.common.store.ByteStore;
import io.solstice.common.store.ByteStore.StoredFile;
import io.solstice.common.store.ByteStoreProvider;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.keyed.KeyBytes;
import io.solstice.worker.store.ByteStores;
import io.solstice.worker.store.FolderLock;
import io.solstice.worker.store.OwnFolder;
import io.solstice.worker.store.StateHome;
import io.solstice.worker.store.StoreFiles;
import io.solstice.worker.store.StoreMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * State as entries of a {@link ByteStore}, the keys included: only those that are in use, and those that wait for a
 * moment, are in memory. A key has up to two entries, its values and its moments, so that what waits is found without
 * looking at everything.
 */
final class StoreTable extends KeyTable {
    private static final String FOLDER = "entries";
    private static final int ROWS_AT_ONCE = 1_024;
    /** With each change two entries are looked at that may be too old, so that few are left of what is. */
    private static final int SWEPT_AT_LEAST = 1_000;

    private final ByteStoreProvider provider;
    private final StoreMemory memory;
    private final OwnFolder home;
    private final StateUse use;
    private final BufferAllocator allocator;
    private final StoredStates states;
    private final BitSet waiting = new BitSet();
    private final ExpirySweep sweep;
    private @Nullable ByteStore store;
    private @Nullable KeyBytes keyBytes;
    private FieldVector[] manyKeys = {};
    /** Whether the store may have moments of keys that have no number yet. */
    private boolean unseenMoments;

    /** Whether rows have been taken, which others may replace. */
    private boolean taken;

    private int cuts;
    private double entryBytes;

    StoreTable(KeyedStateTables tables, Sizes sizes, StateHome place, BufferAllocator allocator) {
        super(tables, sizes);
        ByteStores.Choice choice = ByteStores.chosen(place.policy().store(), place.name());
        this.provider = choice.provider();
        this.memory = StoreMemory.of(provider, place.policy().memoryBytes(), allocator, place.name());
        this.use = new StateUse(provider.name(), choice.reason(), 1, memory.bytes());
        this.home = home(place);
        this.allocator = allocator;
        this.states = new StoredStates(tables.allSlots());
        this.sweep = new ExpirySweep(tables, states);
    }

    private OwnFolder home(StateHome place) {
        try {
            return place.folder(provider.folder());
        } catch (RuntimeException none) {
            memory.close();
            throw none;
        }
    }

    @Override
    StateUse use() {
        return use;
    }

    /** Of which kind the store is. */
    String kind() {
        return provider.name();
    }

    private ByteStore store() {
        ByteStore known = store;
        if (known == null) {
            known = provider.open(home.path().resolve(FOLDER), memory.bytes());
            store = known;
        }
        return known;
    }

    private KeyBytes keyBytes() {
        KeyBytes known = keyBytes;
        if (known == null) {
            known = KeyBytes.of(tables.keyFields());
            keyBytes = known;
        }
        return known;
    }

    /**
     * Begins with the files of a store of the same kind, which are taken over, in place of nothing.
     *
     * @param meaning of its entries
     */
    void adopt(Path files, byte[] meaning) throws IOException {
        tables.seenKeys(StoredStates.keys(meaning));
        states.adopt(meaning, tables.place());
        Files.move(files, home.path().resolve(FOLDER));
        unseenMoments = true;
        loaded();
    }

    /** The keys of the rows of columns as the store has them; valid until the next call. */
    private Keys encoded(FieldVector[] columns, int rows) {
        keyBytes().encode(columns, rows);
        return new Keys(keyBytes());
    }

    private byte[] encoded(int key, byte space) {
        return encoded(columns(key, allocator), 1).entry(0, space);
    }

    @Override
    int[] numbers(Batch batch) {
        tables.seen(batch.schema());
        seeMoments();
        int[] numbers = super.numbers(batch);
        readAhead(numbers, tables.keyColumns(batch), batch.rowCount());
        return numbers;
    }

    /** Reads what is kept for the keys of rows at once, which takes a store less than to find it key by key. */
    private void readAhead(int[] numbers, FieldVector[] columns, int rows) {
        if (roomForMore() < rows) {
            settle(allocator);
        }
        int room = roomForMore();
        int[] some = new int[Math.min(room, rows)];
        List<byte[]> ids = new ArrayList<>();
        Keys keys = encoded(columns, rows);
        for (int row = 0; row < rows && ids.size() < some.length; row++) {
            if (!isUsed(numbers[row])) {
                use(numbers[row], Kept.NOTHING);
                some[ids.size()] = numbers[row];
                ids.add(keys.entry(row, Keys.VALUES));
            }
        }
        if (!ids.isEmpty()) {
            List<byte @Nullable []> values = store().getAll(ids);
            for (int i = 0; i < ids.size(); i++) {
                use(some[i], kept(some[i], ids.get(i), values.get(i)));
            }
        }
    }

    /** Gives numbers to all keys that wait for a moment. */
    private void seeMoments() {
        if (!unseenMoments) {
            return;
        }
        unseenMoments = false;
        try (StoreScan scan = new StoreScan(store(), Keys.MOMENTS, tables.keyFields(), allocator)) {
            for (int rows = scan.next(ROWS_AT_ONCE); rows > 0; rows = scan.next(ROWS_AT_ONCE)) {
                int[] numbers = numbers(scan.keys(), rows);
                for (int row = 0; row < rows; row++) {
                    waiting.set(numbers[row]);
                }
            }
        }
    }

    @Override
    Kept read(int key) {
        byte[] id = encoded(key, Keys.VALUES);
        return kept(key, id, store().get(id));
    }

    private Kept kept(int key, byte[] id, byte @Nullable [] values) {
        boolean waits = waiting.get(key);
        if (values == null && !waits) {
            return Kept.NOTHING;
        }
        Kept kept = new Kept(tables.slots());
        if (values != null) {
            states.readValues(values, kept, tables.since());
            kept.stored = true;
        }
        byte[] moments = waits ? store().get(Keys.in(id, Keys.MOMENTS)) : null;
        if (moments != null) {
            StoredStates.readMoments(moments, kept);
        }
        return kept;
    }

    @Override
    boolean has(int key) {
        return objects(key).stored || waiting.get(key);
    }

    @Override
    boolean mentions(int key) {
        return waiting.get(key);
    }

    @Override
    long mentioned() {
        return waiting.cardinality();
    }

    @Override
    void expect(long rows) {
        // Only keys that are in use have numbers.
    }

    @Override
    void room(int keys) {
        // A set of bits makes room for itself.
    }

    @Override
    double rowBytes() {
        return entryBytes;
    }

    @Override
    void write(int[] changed, @Nullable Kept[] content, int count, BufferAllocator allocator) {
        long bytes = 0;
        StoreChanges changes = new StoreChanges(store());
        for (int from = 0; from < count; from += ROWS_AT_ONCE) {
            int rows = Math.min(ROWS_AT_ONCE, count - from);
            Keys encoded = encoded(columns(changed, from, rows), rows);
            for (int row = 0; row < rows; row++) {
                int key = changed[from + row];
                Kept kept = objects(key);
                boolean any = content[from + row] != null;
                byte[] values = any ? states.values(kept) : null;
                if (values != null || kept.stored) {
                    changes.add(encoded.entry(row, Keys.VALUES), values);
                    bytes += values == null ? 0 : values.length;
                }
                kept.stored = values != null;
                byte[] moments = any && kept.waits() ? states.moments(kept) : null;
                if (moments != null || waiting.get(key)) {
                    changes.add(encoded.entry(row, Keys.MOMENTS), moments);
                    bytes += moments == null ? 0 : moments.length;
                }
                waiting.set(key, moments != null);
            }
        }
        changes.write();
        if (count > 0) {
            entryBytes = (double) bytes / count;
        }
    }

    /** Some keys as columns, valid until the next call. */
    private FieldVector[] columns(int[] some, int from, int count) {
        FieldVector[] columns = manyKeys;
        if (columns.length == 0) {
            columns = new FieldVector[tables.keyFields().size()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = tables.keyFields().get(i).createVector(allocator);
                columns[i].setInitialCapacity(ROWS_AT_ONCE);
                columns[i].allocateNew();
            }
            manyKeys = columns;
        }
        for (FieldVector column : columns) {
            column.reset();
        }
        keys().write(columns, some, from, count);
        for (FieldVector column : columns) {
            column.setValueCount(count);
        }
        return columns;
    }

    @Override
    void written(int count, BufferAllocator allocator) {
        if (tables.expires()) {
            sweep.go(store(), SWEPT_AT_LEAST + 2 * count);
        }
    }

    /** The rows take the place of what there is of their keys. */
    @Override
    @Nullable
    Object take(Batch table, BufferAllocator allocator) {
        tables.seen(table.schema());
        SavedStates saved = tables.read(table);
        Keys keys = encoded(tables.keyColumns(table), table.rowCount());
        boolean mayWait = saved.hasMoments(false) || saved.hasMoments(true);
        unseenMoments |= mayWait;
        for (int row = 0; row < table.rowCount(); row++) {
            byte[] id = keys.entry(row, Keys.VALUES);
            Kept kept = saved.isGone(row) ? Kept.NOTHING : saved.read(row);
            put(id, kept == Kept.NOTHING ? null : states.values(kept), taken);
            put(Keys.in(id, Keys.MOMENTS), kept == Kept.NOTHING ? null : states.moments(kept), taken && unseenMoments);
        }
        taken = true;
        return null;
    }

    /** @param mayBe whether there can be such an entry */
    private void put(byte[] id, byte @Nullable [] content, boolean mayBe) {
        if (content != null) {
            store().put(id, content);
        } else if (mayBe) {
            store().delete(id);
        }
    }

    @Override
    void forEachKeptMoment(boolean clock, MomentSink sink) {
        seeMoments();
        for (int key = waiting.nextSetBit(0); key >= 0; key = waiting.nextSetBit(key + 1)) {
            byte[] moments = isUsed(key) ? null : store().get(encoded(key, Keys.MOMENTS));
            if (moments != null) {
                Kept kept = new Kept(0);
                StoredStates.readMoments(moments, kept);
                Moments of = kept.moments(clock);
                for (long micros : of == null ? List.<Long>of() : of.toList()) {
                    sink.take(key, micros);
                }
            }
        }
    }

    @Override
    void renumber(int[] renumbered, int[] old, int count, int room) {
        BitSet before = (BitSet) waiting.clone();
        waiting.clear();
        for (int key = 0; key < count; key++) {
            waiting.set(key, before.get(old[key]));
        }
    }

    /** The files of a snapshot. They are let go of at once: what is to be written is mapped, and lasts until then. */
    @Override
    List<Part> parts(Predicate<Object> isStored, BufferAllocator allocator) {
        if (tables.keyFields().isEmpty()) {
            return List.of();
        }
        Path cut = home.path().resolve("cut-" + cuts++);
        List<Part> parts = new ArrayList<>();
        try {
            List<StoredFile> files = store().snapshot(cut);
            StoreFiles as = new StoreFiles(provider.name());
            for (StoreFiles.Part part : as.large(files)) {
                boolean known = part.name() != null && isStored.test(part.name());
                parts.add(new Part(part.name(), known ? null : as.table(part)));
            }
            parts.add(new Part(null, as.small(states.meaning(tables.keyFields()), files, allocator)));
            FolderLock.delete(cut);
            return parts;
        } catch (IOException | RuntimeException failure) {
            for (Part part : parts) {
                if (part.table() != null) {
                    part.table().close();
                }
            }
            throw SolsticeException.of(failure);
        }
    }

    @Override
    public void close() {
        super.close();
        for (FieldVector column : manyKeys) {
            column.close();
        }
        ByteStore last = store;
        store = null;
        // In this order: a database that is open has its files and its memory.
        try {
            if (last != null) {
                last.close();
            }
        } finally {
            try {
                home.close();
            } finally {
                memory.close();
            }
        }
    }
}
