package io.solstice.exchange.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.junit.jupiter.api.Test;

/** What is given back is handed out again, to one at a time, and no more of it is kept than is allowed. */
class KeptMemoryTest {
    private static final long LIMIT = 64 << 20;

    @Test
    void theNextBufferOfASizeIsTheOneThatWasClosedLast() {
        try (BufferAllocator memory = KeptMemory.allocator(LIMIT);
                ArrowBuf first = memory.buffer(5_000);
                ArrowBuf second = memory.buffer(5_000)) {
            long closed = second.memoryAddress();
            assertThat(second.capacity()).isEqualTo(8_192);
            assertThat(first.memoryAddress()).isNotEqualTo(closed);
            second.getReferenceManager().retain();
            second.close();
            try (ArrowBuf other = memory.buffer(8_192)) {
                assertThat(other.memoryAddress()).as("is still in use").isNotEqualTo(closed);
            }
        }
    }

    @Test
    void aSizeHasItsOwnMemory() {
        try (BufferAllocator memory = KeptMemory.allocator(LIMIT)) {
            long small = addressOfClosed(memory, 300);
            long large = addressOfClosed(memory, 3_000);
            assertThat(addressOfClosed(memory, 4_096)).isEqualTo(large);
            assertThat(addressOfClosed(memory, 512)).isEqualTo(small);
            assertThat(memory.getAllocatedMemory()).isZero();
        }
    }

    private static long addressOfClosed(BufferAllocator memory, long bytes) {
        try (ArrowBuf buffer = memory.buffer(bytes)) {
            buffer.setZero(0, bytes);
            return buffer.memoryAddress();
        }
    }

    @Test
    void anySizeCanBeHad() {
        try (BufferAllocator memory = KeptMemory.allocator(LIMIT);
                ArrowBuf none = memory.buffer(0)) {
            assertThat(none.capacity()).isZero();
            for (long bytes : new long[] {1, 255, 256, 257, KeptMemory.LARGEST, KeptMemory.LARGEST + 1, 20 << 20}) {
                try (ArrowBuf buffer = memory.buffer(bytes)) {
                    assertThat(buffer.capacity()).isGreaterThanOrEqualTo(bytes);
                    buffer.setByte(0, 1);
                    buffer.setByte(bytes - 1, 2);
                    assertThat(buffer.getByte(bytes - 1)).isEqualTo((byte) 2);
                }
            }
        }
    }

    @Test
    void theLimitHolds() {
        try (BufferAllocator memory = KeptMemory.allocator(LIMIT)) {
            assertThat(memory.getLimit()).isEqualTo(LIMIT);
            assertThatThrownBy(() -> memory.buffer(LIMIT + 1)).isInstanceOf(OutOfMemoryException.class);
        }
    }

    @Test
    void noMoreIsKeptThanIsAllowed() {
        FreePieces pieces = new FreePieces(2);
        assertThat(List.of(pieces.offer(1), pieces.offer(2), pieces.offer(3))).containsExactly(true, true, false);
        assertThat(List.of(pieces.take(), pieces.take(), pieces.take())).containsExactly(2L, 1L, 0L);
        pieces.close();
        assertThat(pieces.offer(4)).as("after the end").isFalse();
        assertThat(pieces.take()).isZero();
        assertThat(FreePieces.NONE.offer(5)).isFalse();
    }

    /** Each thread writes its number over what it gets; whoever shared memory would find another's. */
    @Test
    void nobodySharesMemory() throws Exception {
        int threads = 4;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (BufferAllocator memory = KeptMemory.allocator(LIMIT)) {
            List<Callable<Set<Long>>> tasks = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                tasks.add(() -> writeAndRead(memory, number));
            }
            Set<Long> addresses = new HashSet<>();
            for (Future<Set<Long>> done : executor.invokeAll(tasks)) {
                addresses.addAll(done.get());
            }
            assertThat(addresses).as("memory is used again").hasSizeLessThan(1_000);
            assertThat(memory.getAllocatedMemory()).isZero();
        } finally {
            executor.shutdownNow();
        }
    }

    private static Set<Long> writeAndRead(BufferAllocator memory, int number) {
        Random random = new Random(number);
        Set<Long> addresses = new HashSet<>();
        for (int round = 0; round < 5_000; round++) {
            List<ArrowBuf> held = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ArrowBuf buffer = memory.buffer(256L << random.nextInt(3));
                buffer.setLong(0, number);
                buffer.setLong(buffer.capacity() - Long.BYTES, round);
                addresses.add(buffer.memoryAddress());
                held.add(buffer);
            }
            for (ArrowBuf buffer : held) {
                assertThat(buffer.getLong(0)).isEqualTo(number);
                assertThat(buffer.getLong(buffer.capacity() - Long.BYTES)).isEqualTo(round);
                buffer.close();
            }
        }
        return addresses;
    }
}
