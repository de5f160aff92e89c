package io.solstice.worker.flight;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Where one task of a {@code FlightSource} takes rows: streams put batches, the task's reading thread takes them.
 * Bounded in bytes. Here a lock is the honest means: both sides wait, and neither is an event loop.
 */
final class InputPlace {
    private static final long BUDGET_BYTES = 8 << 20;

    private final Schema schema;
    private final int streamsToCome;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private int streamsEnded;
    private boolean ended;
    private boolean closed;

    /** @param streamsToCome ends after so many, or never by itself if 0 */
    InputPlace(Schema schema, int streamsToCome) {
        this.schema = schema;
        this.streamsToCome = streamsToCome;
    }

    Schema schema() {
        return schema;
    }

    /** Takes the batch over, waiting for room. Returns false, the batch closed, if the input has ended. */
    boolean put(Batch batch) throws InterruptedException {
        boolean taken = false;
        lock.lockInterruptibly();
        try {
            while (!ended && waitingBytes >= BUDGET_BYTES) {
                changed.await();
            }
            if (!ended) {
                waiting.add(batch);
                waitingBytes += batch.byteSize();
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

    /** The next batch, handed over, or null when the input has ended and all of it was taken. */
    @Nullable
    Batch take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !ended) {
                changed.await();
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

    boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** A sender has sent all that it had. */
    void streamEnded() {
        lock.lock();
        try {
            streamsEnded++;
            if (streamsEnded == streamsToCome) {
                ended = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is taken; what waits is still read. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The task is over: what waits is dropped. */
    void close() {
        lock.lock();
        try {
            ended = true;
            closed = true;
            waiting.forEach(Batch::close);
            waiting.clear();
            waitingBytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the task has gone, so that what was put may not have been read. */
    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
