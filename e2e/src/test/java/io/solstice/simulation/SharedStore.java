package io.solstice.simulation;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectWriter;
import io.solstice.common.store.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** The state backend of all masters: creates each object once, and sometimes says nothing sensible about it. */
final class SharedStore implements ObjectStore {
    private final TreeMap<String, byte[]> objects = new TreeMap<>();
    private final BooleanSupplier failing;

    /** @param failing whether the next call fails; one that creates may have its effect all the same */
    SharedStore(BooleanSupplier failing) {
        this.failing = failing;
    }

    private static SolsticeException unreachable() {
        return ErrorCode.STORE_UNREACHABLE.error("no answer").toException();
    }

    private void mayFail() {
        if (failing.getAsBoolean()) {
            throw unreachable();
        }
    }

    /** Whether a checkpoint has an entry in its job's log; not a call that can fail. */
    boolean isCanonical(JobId job, CheckpointId checkpoint) {
        String prefix = job + "/log/";
        return objects.tailMap(prefix).entrySet().stream()
                .takeWhile(object -> object.getKey().startsWith(prefix))
                .filter(object -> object.getKey().endsWith(".json"))
                .anyMatch(object ->
                        new String(object.getValue(), StandardCharsets.UTF_8).contains('"' + checkpoint.value() + '"'));
    }

    /** A worker's object is there from now on; not a call that can fail. */
    void keep(String key) {
        objects.put(key, new byte[1]);
    }

    /** Whether it is there; not a call that can fail. */
    boolean keeps(String key) {
        return objects.containsKey(key);
    }

    @Override
    public ObjectWriter create(String key) {
        return new Writer(key);
    }

    private final class Writer extends ObjectWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Writer(String key) {
            super(key);
        }

        @Override
        protected void append(byte[] more, int offset, int length) {
            bytes.write(more, offset, length);
        }

        @Override
        protected Outcome publish(ObjectRef written) {
            mayFail();
            byte[] there = objects.putIfAbsent(written.key(), bytes.toByteArray());
            mayFail();
            return there == null
                    ? Outcome.CREATED
                    : Arrays.equals(there, bytes.toByteArray()) ? Outcome.SAME : Outcome.TAKEN;
        }

        @Override
        protected void abort() {}
    }

    @Override
    public InputStream range(String key, long offset, long length) {
        mayFail();
        byte[] there = objects.get(key);
        if (there == null) {
            throw ErrorCode.OBJECT_MISSING.error(key).toException();
        }
        int end = (int) Math.min(there.length, offset + Math.min(length, there.length));
        return new ByteArrayInputStream(Arrays.copyOfRange(there, (int) offset, end));
    }

    @Override
    public OptionalLong size(String key) {
        mayFail();
        byte[] there = objects.get(key);
        return there == null ? OptionalLong.empty() : OptionalLong.of(there.length);
    }

    @Override
    public void delete(String key) {
        mayFail();
        objects.remove(key);
    }

    @Override
    public List<String> list(String prefix, String after, int limit) {
        mayFail();
        return objects.tailMap(after, false).keySet().stream()
                .filter(key -> key.startsWith(prefix))
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
