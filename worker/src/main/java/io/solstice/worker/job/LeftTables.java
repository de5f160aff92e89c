package io.solstice.worker.job;

import io.solstice.common.protocol.StateObject;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.task.OperatorMemory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Tables of state that tasks had in memory when trouble ended them, each the same as an object of a checkpoint: tasks
 * that begin again on this worker go on with these and read only the others. They are kept for a short time, and not
 * while memory is short. For any thread.
 */
final class LeftTables implements OperatorMemory.Heir, AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final BufferAllocator worker;
    private final BufferAllocator memory;
    private final Map<String, Left> tables = new HashMap<>();
    private long now;
    private boolean closed;

    private record Left(StateObject object, Batch table, long since) {}

    /** @param worker all memory of the worker */
    LeftTables(BufferAllocator worker) {
        this.worker = worker;
        this.memory = worker.newChildAllocator("left state", 0, Long.MAX_VALUE);
    }

    @Override
    public synchronized void leave(StateObject object, Batch table) {
        try (table) {
            if (closed || isShort()) {
                return;
            }
            Left before = tables.put(object.key(), new Left(object, table.share(memory), now));
            if (before != null) {
                before.table().close();
            }
        }
    }

    /** What an object has, in an allocator's memory; null if it has to be read. The caller closes it. */
    synchronized @Nullable Batch find(StateObject object, BufferAllocator into) {
        Left left = tables.get(object.key());
        return left == null || !left.object().equals(object)
                ? null
                : left.table().share(into);
    }

    /** Tasks begin with these: if there is not much memory, the tables of others make room. */
    synchronized void begin(List<StateObject> states) {
        if (worker.getAllocatedMemory() > worker.getLimit() / 2) {
            Set<String> wanted = states.stream().map(StateObject::key).collect(Collectors.toSet());
            drop(left -> !wanted.contains(left.object().key()));
        }
    }

    /** @param nanos on a clock that never goes back */
    synchronized void tick(long nanos) {
        now = nanos;
        boolean all = isShort();
        drop(left -> all || nanos - left.since() >= PATIENCE_NANOS);
    }

    private void drop(Predicate<Left> which) {
        tables.values().removeIf(left -> {
            boolean drops = which.test(left);
            if (drops) {
                left.table().close();
            }
            return drops;
        });
    }

    private boolean isShort() {
        return worker.getAllocatedMemory() > worker.getLimit() / 4 * 3;
    }

    @Override
    public synchronized void close() {
        closed = true;
        drop(left -> true);
        memory.close();
    }
}
