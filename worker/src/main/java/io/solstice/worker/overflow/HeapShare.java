package io.solstice.worker.overflow;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;

/**
 * How much of the heap is taken by tables that rows are aggregated in, by all tasks which share a limit of memory. They
 * may have a quarter of the heap, and no more than rows that are kept may have of the memory for Arrow buffers.
 */
public final class HeapShare {
    private static final Map<BufferAllocator, HeapShare> ALL = Collections.synchronizedMap(new WeakHashMap<>());

    private final long limit;
    private final long most = Runtime.getRuntime().maxMemory() / 4 * 3;
    private final AtomicLong taken = new AtomicLong();

    private HeapShare(BufferAllocator root) {
        limit = Math.min(root.getLimit() / 2, Runtime.getRuntime().maxMemory() / 4);
    }

    /** That of all tasks with the same root. */
    public static HeapShare of(BufferAllocator memory) {
        return ALL.computeIfAbsent(memory.getRoot(), HeapShare::new);
    }

    /** How many bytes may be taken before tables should be moved. */
    public long limit() {
        return limit;
    }

    /** Whether tables should be moved. */
    public boolean isTight() {
        return taken.get() > limit;
    }

    /** Whether so much is taken, and cannot be moved, that the heap is about to end. */
    public boolean isExhausted() {
        return taken.get() > most;
    }

    public void add(long bytes) {
        taken.addAndGet(bytes);
    }

    public long taken() {
        return taken.get();
    }
}
