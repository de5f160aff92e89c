package io.solstice.master.checkpoint;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectWriter;
import io.solstice.common.store.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Objects in memory, for one thread; others make it fail. */
class MemoryStore implements ObjectStore {
    private final TreeMap<String, byte[]> objects = new TreeMap<>();

    Set<String> keys() {
        return objects.keySet();
    }

    @Override
    public ObjectWriter create(String key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return new ObjectWriter(key) {
            @Override
            protected void append(byte[] more, int offset, int length) {
                bytes.write(more, offset, length);
            }

            @Override
            protected Outcome publish(ObjectRef written) {
                byte[] there = objects.putIfAbsent(key, bytes.toByteArray());
                boolean same = there != null && Arrays.equals(there, bytes.toByteArray());
                return there == null ? Outcome.CREATED : same ? Outcome.SAME : Outcome.TAKEN;
            }

            @Override
            protected void abort() {}
        };
    }

    @Override
    public InputStream range(String key, long offset, long length) {
        byte[] there = objects.get(key);
        if (there == null) {
            throw ErrorCode.OBJECT_MISSING.error(key).toException();
        }
        int end = (int) Math.min(there.length, offset + Math.min(length, there.length));
        return new ByteArrayInputStream(Arrays.copyOfRange(there, (int) offset, end));
    }

    @Override
    public OptionalLong size(String key) {
        byte[] there = objects.get(key);
        return there == null ? OptionalLong.empty() : OptionalLong.of(there.length);
    }

    @Override
    public void delete(String key) {
        objects.remove(key);
    }

    @Override
    public List<String> list(String prefix, String after, int limit) {
        return objects.tailMap(after.compareTo(prefix) > 0 ? after : prefix, !after.equals(prefix)).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .filter(key -> !key.equals(after))
                .limit(limit)
                .toList();
    }

    @Override
    public int sweep(Duration age) {
        return 0;
    }

    @Override
    public void close() {}
}
