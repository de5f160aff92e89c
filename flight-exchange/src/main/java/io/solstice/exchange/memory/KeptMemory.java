package io.solstice.exchange.memory;

import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * The memory of a process's Arrow buffers. What is given back is kept for the next buffer of that size, the newest
 * first, since it is still in the processor's cache then. The C library would give it to the system and take other
 * pages, which the system clears: batches that one thread makes and another closes cost more than their content so.
 *
 * <p>Buffers up to {@link #LARGEST} have sizes that are powers of two, so any thread can use what any other has given
 * back. Of each size a limited number of bytes is kept, at most an eighth of the allocator's limit together.
 */
public final class KeptMemory implements AllocationManager.Factory {
    static final int SMALLEST = 256;
    static final int LARGEST = 4 << 20;
    private static final int SHIFT = Integer.numberOfTrailingZeros(SMALLEST);
    private static final int SIZES = Integer.numberOfTrailingZeros(LARGEST) - SHIFT + 1;
    private static final long MOST_BYTES_OF_A_SIZE = 16 << 20;
    private static final ArrowBuf EMPTY = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

    private final FreePieces[] free = new FreePieces[SIZES];

    private KeptMemory(long limitBytes) {
        long most = Math.min(MOST_BYTES_OF_A_SIZE, limitBytes / 8 / SIZES);
        for (int i = 0; i < SIZES; i++) {
            free[i] = new FreePieces(most >> (i + SHIFT));
        }
    }

    /** An allocator that has nothing above it; what it keeps is freed when it is closed. */
    public static BufferAllocator allocator(long limitBytes) {
        return new Root(new KeptMemory(limitBytes), limitBytes);
    }

    private static final class Root extends RootAllocator {
        private final KeptMemory memory;

        Root(KeptMemory memory, long limitBytes) {
            super(configBuilder()
                    .maxAllocation(limitBytes)
                    .allocationManagerFactory(memory)
                    .build());
            this.memory = memory;
        }

        @Override
        public void close() {
            try {
                super.close();
            } finally {
                memory.free();
            }
        }
    }

    @Override
    public AllocationManager create(BufferAllocator accountant, long size) {
        if (size < SMALLEST || size > LARGEST || Long.bitCount(size) != 1) {
            return new Piece(accountant, MemoryUtil.allocateMemory(size), size, FreePieces.NONE);
        }
        FreePieces those = free[Long.numberOfTrailingZeros(size) - SHIFT];
        long kept = those.take();
        return new Piece(accountant, kept == 0 ? MemoryUtil.allocateMemory(size) : kept, size, those);
    }

    @Override
    public ArrowBuf empty() {
        return EMPTY;
    }

    private void free() {
        for (FreePieces those : free) {
            those.close();
        }
    }

    /** The memory of one buffer, and where it goes. */
    private static final class Piece extends AllocationManager {
        private final long address;
        private final long size;
        private final FreePieces free;

        Piece(BufferAllocator accountant, long address, long size, FreePieces free) {
            super(accountant);
            this.address = address;
            this.size = size;
            this.free = free;
        }

        @Override
        public long getSize() {
            return size;
        }

        @Override
        protected long memoryAddress() {
            return address;
        }

        @Override
        protected void release0() {
            if (!free.offer(address)) {
                MemoryUtil.freeMemory(address);
            }
        }
    }
}
