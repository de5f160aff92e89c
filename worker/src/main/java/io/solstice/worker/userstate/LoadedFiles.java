package io.solstice.worker.userstate;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.store.ByteStore;
import io.solstice.common.store.ByteStoreProvider;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.StateFormat;
import io.solstice.worker.keyed.GroupTable;
import io.solstice.worker.store.ByteStores;
import io.solstice.worker.store.OwnFolder;
import io.solstice.worker.store.StoreFiles;
import io.solstice.worker.store.StoreMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The files of stores that tables of a checkpoint are, of one task or of several, as they come back. */
final class LoadedFiles implements AutoCloseable {
    private static final int ROWS_AT_ONCE = 1_024;

    private final OwnFolder folder;
    private final BufferAllocator allocator;
    private final Map<Integer, Former> tasks = new TreeMap<>();

    /** The store of one task. */
    private static final class Former {
        final String kind;
        final Path folder;
        byte @Nullable [] meaning;

        Former(String kind, Path folder) {
            this.kind = kind;
            this.folder = folder;
        }

        byte[] meaning() {
            byte[] known = meaning;
            if (known == null) {
                throw new IllegalStateException("the last table of a store has not come");
            }
            return known;
        }
    }

    /** Takes what has come as tables of rows. */
    @FunctionalInterface
    interface Rows {
        /** The table stays the caller's. */
        void take(int task, Batch table) throws Exception;
    }

    /** @param folder for the files, which goes with this */
    LoadedFiles(OwnFolder folder, BufferAllocator allocator) {
        this.folder = folder;
        this.allocator = allocator;
    }

    /** Adds what a table has of them; returns the name of the part. */
    @Nullable
    Object take(StoreFiles files, Batch table) {
        int task = StateFormat.taskOf(table);
        Former former = tasks.computeIfAbsent(
                task, none -> new Former(files.store(), folder.path().resolve("task-" + task)));
        byte[] meaning = StoreFiles.meaning(table);
        if (meaning != null) {
            former.meaning = meaning;
        }
        return StoreFiles.write(table, former.folder);
    }

    /** Lets a table that is empty go on where the only task ended, if it is of the same kind. */
    boolean moveTo(KeyTable table) {
        Former only = tasks.values().iterator().next();
        if (tasks.size() > 1
                || !(table instanceof StoreTable stored)
                || !stored.kind().equals(only.kind)) {
            return false;
        }
        try {
            stored.adopt(only.folder, only.meaning());
            return true;
        } catch (IOException failure) {
            throw SolsticeException.of(failure);
        }
    }

    /** All that they have as tables of rows, as {@link KeyedStateTables} has them. */
    void forEach(Rows rows) throws Exception {
        for (Map.Entry<Integer, Former> task : tasks.entrySet()) {
            Former former = task.getValue();
            ByteStoreProvider provider = ByteStores.named(former.kind);
            try (StoreMemory memory = StoreMemory.of(provider, 0, allocator, "a store of a checkpoint");
                    ByteStore store = provider.open(former.folder, memory.bytes())) {
                new Reading(task.getKey(), store, former.meaning(), rows).go();
            }
        }
    }

    /** Reads one store. */
    private final class Reading {
        private final int task;
        private final ByteStore store;
        private final Rows rows;
        private final List<Field> keys;
        private final KeyedStateTables tables;
        private final StoredStates states;

        Reading(int task, ByteStore store, byte[] meaning, Rows rows) {
            this.task = task;
            this.store = store;
            this.rows = rows;
            Schema columns = StoredStates.keys(meaning);
            this.keys = columns.getFields();
            List<Slot> slots = StoredStates.slots(meaning);
            this.tables = new KeyedStateTables(slots, Clock.SYSTEM);
            tables.keyed(keys.stream().map(Field::getName).toList());
            tables.seenKeys(columns);
            this.states = new StoredStates(slots);
            states.adopt(meaning, "");
        }

        void go() throws Exception {
            boolean waits;
            byte[] moments = {Keys.MOMENTS};
            try (ByteStore.Scan any = store.scan(moments, moments)) {
                waits = any.next();
            }
            scan(Keys.VALUES, waits);
            if (waits) {
                scan(Keys.MOMENTS, true);
            }
        }

        private void scan(byte space, boolean waits) throws Exception {
            try (StoreScan scan = new StoreScan(store, space, keys, allocator)) {
                for (int count = scan.next(ROWS_AT_ONCE); count > 0; count = scan.next(ROWS_AT_ONCE)) {
                    GroupTable groups = GroupTable.of(keys, count);
                    int[] numbers = new int[count];
                    groups.assign(scan.keys(), count, numbers);
                    int[] some = new int[count];
                    @Nullable Kept[] kept = new Kept[count];
                    int found = 0;
                    for (int i = 0; i < count; i++) {
                        Kept one = space == Keys.VALUES ? values(scan, i, waits) : momentsAlone(scan, i);
                        if (one != null) {
                            some[found] = numbers[i];
                            kept[found++] = one;
                        }
                    }
                    if (found > 0) {
                        try (Batch table = tables.write(groups, some, kept, 0, found, allocator)) {
                            rows.take(task, table);
                        }
                    }
                }
            }
        }

        private Kept values(StoreScan scan, int entry, boolean waits) {
            Kept kept = new Kept(tables.slots());
            states.readValues(scan.content(entry), kept, tables.since());
            byte[] moments = waits ? store.get(Keys.in(scan.id(entry), Keys.MOMENTS)) : null;
            if (moments != null) {
                StoredStates.readMoments(moments, kept);
            }
            return kept;
        }

        /** Null for a key that has values, and has come with them. */
        private @Nullable Kept momentsAlone(StoreScan scan, int entry) {
            if (store.get(Keys.in(scan.id(entry), Keys.VALUES)) != null) {
                return null;
            }
            Kept kept = new Kept(tables.slots());
            StoredStates.readMoments(scan.content(entry), kept);
            return kept;
        }
    }

    @Override
    public void close() {
        folder.close();
    }
}
