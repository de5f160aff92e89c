package io.solstice.worker.userstate;

import io.solstice.common.store.ByteStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes on their way to a store, which takes them fastest many at a time and in the order of their keys. */
final class StoreChanges {
    private static final long BYTES = 4 << 20;

    private final ByteStore store;
    private final List<Change> changes = new ArrayList<>();
    private long bytes;

    /** @param value null to delete the entry */
    private record Change(byte[] id, byte @Nullable [] value) {}

    StoreChanges(ByteStore store) {
        this.store = store;
    }

    /** Each key comes once. */
    void add(byte[] id, byte @Nullable [] value) {
        changes.add(new Change(id, value));
        bytes += id.length + (value == null ? 0 : value.length);
        if (bytes >= BYTES) {
            write();
        }
    }

    /** Writes those that have not been. */
    void write() {
        changes.sort((one, other) -> Arrays.compareUnsigned(one.id, other.id));
        List<byte[]> ids = new ArrayList<>(changes.size());
        List<byte @Nullable []> values = new ArrayList<>(changes.size());
        for (Change change : changes) {
            ids.add(change.id);
            values.add(change.value);
        }
        store.writeAll(ids, values);
        changes.clear();
        bytes = 0;
    }
}
