package io.solstice.worker.job;

import io.solstice.common.protocol.StateObject;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * Tables of former tasks of which several tasks of this worker take their own rows: who comes first reads one, and the
 * others are given the same, which saves them to decompress it. Only as much is kept for those that are behind as a few
 * tables are large; the others they read themselves. For any thread: what is known of a table changes within the map, and
 * nothing is held while one is read.
 */
final class SharedTables implements AutoCloseable {
    /** For all tables together. */
    private static final long MOST_BYTES = 64 << 20;

    private final BufferAllocator worker;
    private final BufferAllocator memory;
    private final long mostBytes;
    private final ConcurrentMap<String, Wanted> wanted = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * What becomes of one object.
     *
     * @param readers that have not been given it yet
     * @param reading completed once the task that reads it has; null if none does
     */
    private record Wanted(
            int readers,
            @Nullable CompletableFuture<Void> reading,
            @Nullable Batch table) {
        Wanted with(int others) {
            return new Wanted(others, reading, table);
        }
    }

    /** What a reader is to do next. */
    private sealed interface Turn {}

    private record Take(Batch table) implements Turn {}

    private record Wait(CompletableFuture<Void> reading) implements Turn {}

    /** @param reading to be told of; null if nobody else wants it */
    private record Read(@Nullable CompletableFuture<Void> reading) implements Turn {}

    /** @param worker all memory of the worker */
    SharedTables(BufferAllocator worker) {
        this(worker, MOST_BYTES);
    }

    SharedTables(BufferAllocator worker, long mostBytes) {
        this.worker = worker;
        this.memory = worker.newChildAllocator("shared state", 0, Long.MAX_VALUE);
        this.mostBytes = mostBytes;
    }

    /** A task will read these, or say that it does not. */
    void want(List<StateObject> tables) {
        for (StateObject table : tables) {
            wanted.merge(table.key(), new Wanted(1, null, null), (before, one) -> before.with(before.readers + 1));
        }
    }

    /** A task that wanted these does not read them any more. */
    void leave(List<StateObject> tables) {
        tables.forEach(table -> wanted.computeIfPresent(table.key(), (key, object) -> less(object)));
    }

    /** A table that the task wants, in its memory; it closes it. @param reading called if no other task has read it */
    Batch read(StateObject object, BufferAllocator into, Supplier<Batch> reading) {
        while (true) {
            Turn turn = turn(object, into);
            if (turn instanceof Take take) {
                return take.table;
            } else if (turn instanceof Read read) {
                return read(object.key(), read, reading);
            } else if (turn instanceof Wait wait) {
                await(wait.reading);
            }
        }
    }

    private static void await(CompletableFuture<Void> reading) {
        try {
            reading.get();
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the task has been cancelled", cancelled);
        } catch (ExecutionException failure) {
            throw new IllegalStateException("a reader never fails for others", failure);
        }
    }

    private Batch read(String key, Read turn, Supplier<Batch> reading) {
        Batch table = null;
        try {
            table = reading.get();
            return table;
        } finally {
            if (turn.reading != null) {
                came(key, table);
                turn.reading.complete(null);
            }
        }
    }

    private Turn turn(StateObject table, BufferAllocator into) {
        AtomicReference<Turn> turn = new AtomicReference<>(new Read(null));
        try {
            wanted.computeIfPresent(table.key(), (key, object) -> {
                if (object.reading != null) {
                    turn.set(new Wait(object.reading));
                    return object;
                }
                if (object.table != null) {
                    turn.set(new Take(object.table.share(into)));
                    return less(object);
                }
                if (object.readers == 1) {
                    return null;
                }
                CompletableFuture<Void> reading = new CompletableFuture<>();
                turn.set(new Read(reading));
                return new Wanted(object.readers - 1, reading, null);
            });
            return Objects.requireNonNull(turn.get());
        } catch (RuntimeException | Error failure) {
            leave(List.of(table));
            throw failure;
        }
    }

    /** @param table null if it could not be read, which the next one is to try then */
    private void came(String key, @Nullable Batch table) {
        wanted.computeIfPresent(key, (same, object) -> {
            if (object.readers == 0) {
                return null;
            }
            return new Wanted(object.readers, null, table == null ? null : kept(table));
        });
    }

    private @Nullable Batch kept(Batch table) {
        if (isShort()) {
            return null;
        }
        long size = table.byteSize();
        try {
            if (bytes.addAndGet(size) <= mostBytes) {
                return table.share(memory);
            }
        } catch (OutOfMemoryException full) {
            // What says which values are there may be written anew; the others read the table themselves.
        }
        bytes.addAndGet(-size);
        return null;
    }

    private boolean isShort() {
        return worker.getAllocatedMemory() > worker.getLimit() / 2;
    }

    /** With one reader less; null once nobody wants it any more. */
    private @Nullable Wanted less(Wanted object) {
        if (object.readers > 1 || object.reading != null) {
            return object.with(object.readers - 1);
        }
        if (object.table != null) {
            bytes.addAndGet(-object.table.byteSize());
            object.table.close();
        }
        return null;
    }

    /** No task reads any more. */
    @Override
    public void close() {
        for (Wanted object : wanted.values()) {
            if (object.table != null) {
                object.table.close();
            }
        }
        wanted.clear();
        memory.close();
    }
}
