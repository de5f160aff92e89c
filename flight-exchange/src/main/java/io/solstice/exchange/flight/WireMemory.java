package io.solstice.exchange.flight;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Holds columns from when a task has sent them until Netty, which says so on its own threads, has written them. */
final class WireMemory implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    private final BufferAllocator allocator;
    /** One for each buffer, and one until it is closed. */
    private final AtomicLong held = new AtomicLong(1);

    private final CompletableFuture<Void> empty = new CompletableFuture<>();

    WireMemory(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /** The same memory, kept alive until it is {@link #release}d; the caller may let go of its own. */
    ArrowBuf hold(ArrowBuf column) {
        held.incrementAndGet();
        return column.getReferenceManager().transferOwnership(column, allocator).getTransferredBuffer();
    }

    void release(ArrowBuf column) {
        column.getReferenceManager().release();
        letGo();
    }

    private void letGo() {
        if (held.decrementAndGet() == 0) {
            empty.complete(null);
        }
    }

    /** To be called once all connections are closed. Waits until Netty has let go of what it had not written. */
    @Override
    public void close() {
        letGo();
        try {
            empty.get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException stuck) {
            throw new IllegalStateException(held.get() + " columns are still being written", stuck);
        }
        allocator.close();
    }
}
