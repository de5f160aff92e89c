package io.solstice.spi;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands batches from a task to the thread of a library that pulls, and owns those on the way. Bounded in bytes; a batch
 * larger than the bound passes alone. Here a lock is the honest means: both sides wait, and neither is an event loop.
 */
public final class BatchQueue {
    private final long budgetBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean ended;
    private boolean abandoned;

    public BatchQueue(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /** Takes the batch over, waiting for room. Returns false, the batch closed, if nobody will read it any more. */
    public boolean put(Batch batch) throws InterruptedException {
        boolean taken = false;
        long bytes = batch.byteSize();
        lock.lockInterruptibly();
        try {
            while (!ended && waitingBytes > 0 && waitingBytes + bytes > budgetBytes) {
                changed.await();
            }
            if (!ended) {
                waiting.add(batch);
                waitingBytes += bytes;
                taken = true;
                changed.signalAll();
            }
            return taken;
        } finally {
            lock.unlock();
            if (!taken) {
                batch.close();
            }
        }
    }

    /** The next batch, handed over, or null when all have been taken after the end. */
    public @Nullable Batch take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !ended) {
                changed.awaitUninterruptibly();
            }
            Batch next = waiting.poll();
            if (next != null) {
                waitingBytes -= next.byteSize();
                changed.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** No more will be put; what waits is still read. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more will be put or read; what waits is closed. */
    public void abandon() {
        lock.lock();
        try {
            ended = true;
            abandoned = true;
            waiting.forEach(Batch::close);
            waiting.clear();
            waitingBytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
