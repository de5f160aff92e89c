package io.solstice.worker.userstate;

import io.solstice.common.store.ByteStore;
import io.solstice.worker.keyed.KeyBytes;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** Goes through the entries of one kind in a store, some at a time, their keys as columns. */
final class StoreScan implements AutoCloseable {
    private final ByteStore.Scan scan;
    private final KeyBytes bytes;
    private final FieldVector[] columns;
    private final List<byte[]> ids = new ArrayList<>();
    private final List<byte[]> content = new ArrayList<>();

    /** @param space as {@link Keys} has it */
    StoreScan(ByteStore store, byte space, List<Field> keys, BufferAllocator allocator) {
        byte[] prefix = {space};
        this.bytes = KeyBytes.of(keys);
        this.columns = new FieldVector[keys.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = keys.get(i).createVector(allocator);
        }
        this.scan = store.scan(prefix, prefix);
    }

    /** How many more entries there are, up to some. */
    int next(int atMost) {
        ids.clear();
        content.clear();
        for (FieldVector column : columns) {
            column.reset();
            column.setInitialCapacity(atMost);
            column.allocateNew();
        }
        while (ids.size() < atMost && scan.next()) {
            byte[] id = scan.key();
            bytes.decode(id, 1, id.length, columns, ids.size());
            ids.add(id);
            content.add(scan.value());
        }
        for (FieldVector column : columns) {
            column.setValueCount(ids.size());
        }
        return ids.size();
    }

    /** Of the entries, valid until the next ones. */
    FieldVector[] keys() {
        return columns;
    }

    byte[] id(int entry) {
        return ids.get(entry);
    }

    byte[] content(int entry) {
        return content.get(entry);
    }

    @Override
    public void close() {
        scan.close();
        for (FieldVector column : columns) {
            column.close();
        }
    }
}
