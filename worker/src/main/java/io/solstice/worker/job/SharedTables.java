package io.solstice.worker.job;

import io.solstice.common.protocol.StateObject;
import io.solstice.exchange.batch.Batch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * Tables of former tasks of which several tasks of this worker take their own rows: who comes first reads one, and the
 * others are given the same, which saves them to decompress it. Only as much is kept for those that are behind as a few
 * tables are large; the others they read themselves. For any thread: it is a place where tasks meet, under one lock, which
 * is not held while a table is read.
 */
final class SharedTables implements AutoCloseable {
    /** For all tables together. */
    private static final long MOST_BYTES = 64 << 20;

    private final BufferAllocator worker;
    private final long mostBytes;
    private final Map<String, Wanted> wanted = new HashMap<>();
    private @Nullable BufferAllocator memory;
    private long bytes;

    /** What becomes of one object. */
    private static final class Wanted {
        /** Those that have not been given it yet. */
        int readers;

        boolean isBeingRead;

        @Nullable
        Batch table;
    }

    /** What a reader is to do: take a table, or read it and, if there are others, tell them. */
    private record Turn(@Nullable Batch table, @Nullable Wanted others) {}

    /** @param worker all memory of the worker */
    SharedTables(BufferAllocator worker) {
        this(worker, MOST_BYTES);
    }

    SharedTables(BufferAllocator worker, long mostBytes) {
        this.worker = worker;
        this.mostBytes = mostBytes;
    }

    /** A task will read these, or say that it does not. */
    synchronized void want(List<StateObject> tables) {
        tables.forEach(table -> wanted.computeIfAbsent(table.key(), none -> new Wanted()).readers++);
    }

    /** A task that wanted these does not read them any more. */
    synchronized void leave(List<StateObject> tables) {
        for (StateObject table : tables) {
            Wanted object = wanted.get(table.key());
            if (object != null) {
                object.readers--;
                letGo(table.key(), object);
            }
        }
    }

    /** A table that the task wants, in its memory; it closes it. @param reading called if no other task has read it */
    Batch read(StateObject object, BufferAllocator into, Supplier<Batch> reading) {
        Turn turn = turn(object.key(), into);
        if (turn.table != null) {
            return turn.table;
        }
        Batch table = null;
        try {
            table = reading.get();
            return table;
        } finally {
            if (turn.others != null) {
                came(object.key(), turn.others, table);
            }
        }
    }

    private synchronized Turn turn(String key, BufferAllocator into) {
        Wanted object = wanted.get(key);
        if (object == null) {
            return new Turn(null, null);
        }
        try {
            while (object.isBeingRead) {
                wait();
            }
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the task has been cancelled", cancelled);
        }
        Batch table = object.table;
        object.readers--;
        try {
            if (table != null) {
                return new Turn(table.share(into), null);
            }
            object.isBeingRead = object.readers > 0;
            return new Turn(null, object.isBeingRead ? object : null);
        } finally {
            letGo(key, object);
        }
    }

    /** @param table null if it could not be read, which the next one is to try then */
    private synchronized void came(String key, Wanted object, @Nullable Batch table) {
        object.isBeingRead = false;
        if (table != null && object.readers > 0 && bytes + table.byteSize() <= mostBytes && !isShort()) {
            keep(object, table);
        }
        letGo(key, object);
        notifyAll();
    }

    private void keep(Wanted object, Batch table) {
        try {
            object.table = table.share(memory());
            bytes += object.table.byteSize();
        } catch (OutOfMemoryException full) {
            // What says which values are there may be written anew; the others read the table themselves.
            object.table = null;
        }
    }

    private BufferAllocator memory() {
        BufferAllocator known = memory;
        if (known == null) {
            known = worker.newChildAllocator("shared state", 0, Long.MAX_VALUE);
            memory = known;
        }
        return known;
    }

    private boolean isShort() {
        return worker.getAllocatedMemory() > worker.getLimit() / 2;
    }

    /** Forgets an object that nobody wants any more. */
    private void letGo(String key, Wanted object) {
        if (object.readers > 0 || object.isBeingRead) {
            return;
        }
        wanted.remove(key, object);
        if (object.table != null) {
            bytes -= object.table.byteSize();
            object.table.close();
            object.table = null;
        }
    }

    /** No task reads any more. */
    @Override
    public synchronized void close() {
        for (Wanted object : wanted.values()) {
            if (object.table != null) {
                object.table.close();
            }
        }
        wanted.clear();
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
