package io.solstice.connector.parquet;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands batches from the task's thread to DuckDB's, with a bound in bytes. It owns what lies in it.
 */
final class BatchQueue {
    private static final long CAPACITY_BYTES = 16L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private long bytes;
    private boolean finished;
    private boolean abandoned;

    /** Takes the batch over, waiting for room; false, and the batch closed, if nobody will take it out any more. */
    boolean put(Batch batch) throws InterruptedException {
        boolean taken = false;
        lock.lock();
        try {
            while (bytes >= CAPACITY_BYTES && !abandoned) {
                changed.await();
            }
            taken = !abandoned;
            if (taken) {
                batches.add(batch);
                bytes += batch.byteSize();
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

    /** The next batch, now the caller's, or null after the last one. */
    @Nullable
    Batch take() throws InterruptedException {
        lock.lock();
        try {
            while (batches.isEmpty() && !finished && !abandoned) {
                changed.await();
            }
            if (abandoned) {
                throw new CancellationException("the writing was given up");
            }
            Batch next = batches.poll();
            if (next != null) {
                bytes -= next.byteSize();
                changed.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Says that no more will come. */
    void finish() {
        lock.lock();
        try {
            finished = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Frees what lies in the queue and wakes both sides: neither will wait again. */
    void abandon() {
        lock.lock();
        try {
            abandoned = true;
            batches.forEach(Batch::close);
            batches.clear();
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
