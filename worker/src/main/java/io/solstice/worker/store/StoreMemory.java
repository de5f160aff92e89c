package io.solstice.worker.store;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.store.ByteStoreProvider;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * What one store may take of a worker's memory. Of a store that takes it outside the heap it is counted as Arrow's buffers
 * are, so that all of them together stay below {@code off_heap_limit}, and a worker tells of it.
 */
public final class StoreMemory implements AutoCloseable {
    private static final long LEAST = 8 << 20;
    private static final long MOST = 128 << 20;
    /** Of all that there is outside the heap. */
    private static final int PART = 8;
    /** Of what is still free of half of it, so that those who come later have some, and batches the other half. */
    private static final int PART_OF_FREE = 4;
    /** Of the heap, for a store that lies there. */
    private static final int PART_OF_HEAP = 16;

    private final long bytes;
    private final @Nullable BufferAllocator reserved;

    private StoreMemory(long bytes, @Nullable BufferAllocator reserved) {
        this.bytes = bytes;
        this.reserved = reserved;
    }

    /**
     * Takes a share.
     *
     * @param wanted so much, or 0 for a part of what the worker has
     * @param task for an error
     */
    public static StoreMemory of(ByteStoreProvider provider, long wanted, BufferAllocator allocator, String task) {
        if (!provider.isOutsideHeap()) {
            long part = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
            return new StoreMemory(wanted > 0 ? wanted : Math.max(1 << 20, Math.min(MOST, part)), null);
        }
        BufferAllocator root = allocator.getRoot();
        long free = Math.max(0, root.getLimit() - root.getAllocatedMemory());
        long left = root.getLimit() / 2 - root.getAllocatedMemory();
        long part = Math.min(root.getLimit() / PART, left / PART_OF_FREE);
        long bytes = wanted > 0 ? wanted : Math.max(LEAST, Math.min(MOST, part));
        try {
            return new StoreMemory(bytes, allocator.newChildAllocator(provider.name(), bytes, bytes));
        } catch (OutOfMemoryException none) {
            throw ErrorCode.MEMORY_LIMIT
                    .error("there is no memory for the state of a task")
                    .where(task)
                    .cause("its store needs " + (bytes >> 20) + " MiB, and of the " + (root.getLimit() >> 20)
                            + " MiB of off_heap_limit " + (free >> 20) + " MiB are free")
                    .help("raise off_heap_limit of the workers, set state.memory_mib to less, or lower the parallelism")
                    .toException(none);
        }
    }

    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (reserved != null) {
            reserved.close();
        }
    }
}
