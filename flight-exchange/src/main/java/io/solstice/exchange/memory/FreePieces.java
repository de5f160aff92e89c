package io.solstice.exchange.memory;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.util.MemoryUtil;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of memory of one size that nobody uses, as a stack: its top is replaced at once, by any thread. An entry is
 * never put back, so a top that is found again is the same stack.
 */
final class FreePieces {
    /** Keeps nothing. */
    static final FreePieces NONE = new FreePieces(0);

    private static final Entry CLOSED = new Entry(0, null, Long.MAX_VALUE);

    private final AtomicReference<@Nullable Entry> top = new AtomicReference<>();
    private final long most;

    /** @param count of the pieces from here down */
    private record Entry(long address, @Nullable Entry below, long count) {}

    /** @param most so many pieces are kept at the most */
    FreePieces(long most) {
        this.most = most;
    }

    /** Takes over a piece, unless there are enough. */
    boolean offer(long address) {
        while (true) {
            Entry found = top.get();
            long count = found == null ? 0 : found.count;
            if (count >= most) {
                return false;
            }
            if (top.compareAndSet(found, new Entry(address, found, count + 1))) {
                return true;
            }
        }
    }

    /** The address of a piece that is the caller's from now on; 0 if there is none. */
    long take() {
        while (true) {
            Entry found = top.get();
            if (found == null || found == CLOSED) {
                return 0;
            }
            if (top.compareAndSet(found, found.below)) {
                return found.address;
            }
        }
    }

    /** Frees all pieces, and keeps none from now on. */
    void close() {
        for (Entry entry = top.getAndSet(CLOSED); entry != null && entry != CLOSED; entry = entry.below) {
            MemoryUtil.freeMemory(entry.address);
        }
    }
}
