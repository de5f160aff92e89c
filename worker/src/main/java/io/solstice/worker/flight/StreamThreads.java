package io.solstice.worker.flight;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for streams of clients: Arrow's own binding waits on one for each, which must not be gRPC's. */
final class StreamThreads implements AutoCloseable {
    private static final int MOST_STREAMS = 128;
    private static final int IDLE_SECONDS = 10;
    private static final int CLOSE_SECONDS = 5;

    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService executor =
            new ThreadPoolExecutor(0, MOST_STREAMS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                Thread thread = new Thread(work, "flight-client-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    /** Refuses more than so many streams at once. */
    ExecutorService executor() {
        return executor;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
