package io.solstice.worker.job;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Does what it is given one thing after the other, on a thread of a pool. One thread submits. */
final class SerialQueue {
    private final Executor pool;
    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    SerialQueue(Executor pool) {
        this.pool = pool;
    }

    void submit(Runnable work) {
        waiting.add(work);
        if (pending.getAndIncrement() > 0) {
            return;
        }
        try {
            pool.execute(this::drain);
        } catch (OutOfMemoryError noThread) {
            // Somebody waits for an answer: better slowly, on the caller's own thread, than never.
            drain();
        }
    }

    private void drain() {
        do {
            Runnable next = waiting.poll();
            run(next);
        } while (pending.decrementAndGet() > 0);
    }

    private static void run(@Nullable Runnable work) {
        if (work == null) {
            throw new IllegalStateException("more is pending than waits");
        }
        work.run();
    }
}
