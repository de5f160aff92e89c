package io.solstice.simulation;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
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
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The state backend of all masters: creates each object once, and sometimes says nothing sensible about it. */
final class SharedStore implements ObjectStore {
    private final TreeMap<String, byte[]> objects = new TreeMap<>();
    private final BooleanSupplier failing;
    private final Watch watch;
    private final boolean lists;
    private Runnable waiting = () -> {};

    /** Is told what takes place. */
    interface Watch {
        void created(String key, byte[] content);

        void deletes(String key);
    }

    /**
     * @param failing whether the next call fails; one that creates may have its effect all the same
     * @param lists whether listings show anything
     */
    SharedStore(BooleanSupplier failing, Watch watch, boolean lists) {
        this.lists = lists;
        this.failing = failing;
        this.watch = watch;
    }

    /** @param passing called whenever what is done waits for the store */
    <T> T during(Runnable passing, Supplier<T> what) {
        Runnable before = waiting;
        waiting = passing;
        try {
            return what.get();
        } finally {
            waiting = before;
        }
    }

    private static SolsticeException unreachable() {
        return ErrorCode.STORE_UNREACHABLE.error("no answer").toException();
    }

    private void mayFail() {
        waiting.run();
        if (failing.getAsBoolean()) {
            throw unreachable();
        }
    }

    /** A worker's object is there from now on; not a call that can fail. */
    void keep(String key) {
        objects.put(key, new byte[1]);
        watch.created(key, new byte[1]);
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
            if (there == null) {
                watch.created(written.key(), bytes.toByteArray());
            }
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
        watch.deletes(key);
        objects.remove(key);
        mayFail();
    }

    @Override
    public List<String> list(String prefix, String after, int limit) {
        mayFail();
        return objects.tailMap(after.compareTo(prefix) > 0 ? after : prefix, false).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .limit(lists ? limit : 0)
                .toList();
    }

    @Override
    public int sweep(Duration age) {
        return 0;
    }

    @Override
    public void close() {}
}
