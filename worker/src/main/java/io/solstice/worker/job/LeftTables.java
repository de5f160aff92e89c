package io.solstice.worker.job;

import io.solstice.common.protocol.StateObject;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.task.OperatorMemory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Tables of state that tasks had in memory when trouble ended them, each the same as an object of a checkpoint: tasks
 * that begin again on this worker go on with these and read only the others. They are kept for a short time, and not
 * while memory is short. For any thread: what is done with a table is done within the map, so that it is not closed
 * meanwhile.
 */
final class LeftTables implements OperatorMemory.Heir, AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final BufferAllocator worker;
    private final BufferAllocator memory;
    private final ConcurrentMap<String, Left> tables = new ConcurrentHashMap<>();
    private volatile long now;
    private volatile boolean closed;

    private record Left(StateObject object, Batch table, long since) {}

    /** @param worker all memory of the worker */
    LeftTables(BufferAllocator worker) {
        this.worker = worker;
        this.memory = worker.newChildAllocator("left state", 0, Long.MAX_VALUE);
    }

    /** All memory of the worker. */
    BufferAllocator worker() {
        return worker;
    }

    @Override
    public void leave(StateObject object, Batch table) {
        try (table) {
            tables.compute(object.key(), (key, before) -> {
                if (before != null || closed || isShort()) {
                    return before;
                }
                return new Left(object, table.share(memory), now);
            });
        }
    }

    /** What an object has, in an allocator's memory; null if it has to be read. The caller closes it. */
    @Nullable
    Batch find(StateObject object, BufferAllocator into) {
        AtomicReference<@Nullable Batch> found = new AtomicReference<>();
        tables.computeIfPresent(object.key(), (key, left) -> {
            if (left.object().equals(object)) {
                found.set(left.table().share(into));
            }
            return left;
        });
        return found.get();
    }

    /** Tasks begin with these: if there is not much memory, the tables of others make room. */
    void begin(List<StateObject> states) {
        if (worker.getAllocatedMemory() > worker.getLimit() / 2) {
            Set<String> wanted = states.stream().map(StateObject::key).collect(Collectors.toSet());
            drop(left -> !wanted.contains(left.object().key()));
        }
    }

    /** @param nanos on a clock that never goes back */
    void tick(long nanos) {
        now = nanos;
        boolean all = isShort();
        drop(left -> all || nanos - left.since() >= PATIENCE_NANOS);
    }

    private void drop(Predicate<Left> which) {
        for (String key : tables.keySet()) {
            tables.computeIfPresent(key, (same, left) -> {
                if (!which.test(left)) {
                    return left;
                }
                left.table().close();
                return null;
            });
        }
    }

    private boolean isShort() {
        return worker.getAllocatedMemory() > worker.getLimit() / 4 * 3;
    }

    /** No task leaves anything any more. */
    @Override
    public void close() {
        closed = true;
        drop(left -> true);
        memory.close();
    }
}
