package io.solstice.worker.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.fault.CrashPoint;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.StatePlace;
import io.solstice.common.store.Creation;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.StateFormat;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.arrow.memory.BufferAllocator;

/** The states of a run's operators in the state backend, which is opened when it is first needed. For any thread. */
final class StateStorage implements AutoCloseable {
    /** How the names of tables end. */
    private static final String TABLE = ".table.arrow";
    /** Of those that are divided by key, so that a task need not read what has none of its keys. */
    private static final String TABLE_BY_KEY = ".keys" + TABLE;

    private final RunId run;
    private final String submission;
    private final LeftTables left;
    private final SharedTables shared;
    private final FutureTask<ObjectStore> store;

    /**
     * @param submission as {@link StatePlace} has it
     * @param left what need not be read
     */
    StateStorage(RunId run, String submission, LeftTables left, Callable<ObjectStore> opening) {
        this.run = run;
        this.submission = submission;
        this.left = left;
        this.shared = new SharedTables(left.worker());
        this.store = new FutureTask<>(opening);
    }

    LeftTables left() {
        return left;
    }

    /** Where tasks meet that divide the same tables. */
    SharedTables shared() {
        return shared;
    }

    private ObjectStore store() {
        store.run();
        try {
            return store.get();
        } catch (ExecutionException failed) {
            throw SolsticeException.of(Objects.requireNonNullElse(failed.getCause(), failed));
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the task has been cancelled", cancelled);
        }
    }

    /**
     * Writes a state under a key that nobody else uses; it is there for good when this returns.
     *
     * @param wanted called again and again, and throws if the state is not wanted any more
     */
    StateObject write(TaskId task, long epoch, StageId stage, Batch copy, Runnable wanted) {
        String name = stage + "-" + task.index() + "-" + UUID.randomUUID() + ending(copy);
        String key = new StatePlace(run.job(), submission, run.generation(), epoch).key(name);
        CrashPoint.STATE_BEFORE_WRITE.reach();
        Creation creation = store().putNew(key, out -> StateFormat.write(copy, new Wanted(out, wanted)));
        if (!creation.stored()) {
            throw ErrorCode.STORE_UNFIT
                    .error("object '" + key + "' was there before it was written")
                    .where(key)
                    .help("nothing but Solstice may write to the state backend")
                    .toException();
        }
        CrashPoint.STATE_WRITTEN.reach();
        ObjectRef written = creation.written();
        return new StateObject(stage, task.index(), key, written.size(), written.sha256());
    }

    private static String ending(Batch copy) {
        if (StateFormat.isByKey(copy)) {
            return TABLE_BY_KEY;
        }
        return StateFormat.isTable(copy) ? TABLE : ".arrow";
    }

    /** Stops between two pieces. */
    private static final class Wanted extends FilterOutputStream {
        private final Runnable wanted;

        Wanted(OutputStream out, Runnable wanted) {
            super(out);
            this.wanted = wanted;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            wanted.run();
            out.write(bytes, offset, length);
        }
    }

    static boolean isTable(StateObject object) {
        return object.key().endsWith(TABLE);
    }

    /** Whether it is divided by key; earlier releases do not say so. */
    static boolean isByKey(StateObject object) {
        return object.key().endsWith(TABLE_BY_KEY);
    }

    /** A table of an operator, verified; the caller closes it. */
    Batch readTable(StateObject object, int parallelism, BufferAllocator allocator) {
        Batch known = left.find(object, allocator);
        if (known != null) {
            CrashPoint.STATE_READ.reach();
            return known;
        }
        Batch table = found(object, parallelism, allocator).table();
        if (table == null) {
            throw unfit(object.stage(), "object '" + object.key() + "' is no table");
        }
        return table;
    }

    /** The state of an operator, verified. */
    StateFormat.State read(StateObject object, int parallelism, BufferAllocator allocator) {
        StateFormat.Found found = found(object, parallelism, allocator);
        Batch table = found.table();
        if (table != null) {
            table.close();
            throw unfit(object.stage(), "object '" + object.key() + "' is a table");
        }
        return found.state();
    }

    private StateFormat.Found found(StateObject object, int parallelism, BufferAllocator allocator) {
        StateFormat.Found found;
        try (InputStream content = store().open(new ObjectRef(object.key(), object.bytes(), object.sha256()))) {
            found = StateFormat.read(object.key(), content, object.bytes(), allocator);
        } catch (IOException failed) {
            throw SolsticeException.of(failed);
        }
        CrashPoint.STATE_READ.reach();
        int before = found.origin().parallelism();
        if (before != parallelism) {
            Batch table = found.table();
            if (table != null) {
                table.close();
            }
            throw unfit(object.stage(), "found one of " + before + " tasks, expected one of " + parallelism);
        }
        return found;
    }

    static SolsticeException unfit(StageId stage, String cause) {
        return ErrorCode.STATE_UNFIT
                .error("the state of stage '" + stage + "' does not fit the job as it is now")
                .where("stage '" + stage + "'")
                .cause(cause)
                .help(
                        "give the stage the parallelism that it had, let its operator implement Rescalable, or begin the job"
                                + " anew")
                .toException();
    }

    @Override
    public void close() {
        shared.close();
        if (store.isDone()) {
            try {
                store.get().close();
            } catch (ExecutionException | InterruptedException neverOpened) {
                // then nothing is to be closed
            }
        }
    }
}
