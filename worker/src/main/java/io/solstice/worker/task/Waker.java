package io.solstice.worker.task;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Lets one thread sleep until any other wakes it. A wake that comes before the sleep is not lost. */
public final class Waker {
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile @Nullable Thread sleeper;

    /** Called by any thread. */
    public void wake() {
        if (signalled.compareAndSet(false, true)) {
            LockSupport.unpark(sleeper);
        }
    }

    /** Called by the one thread that sleeps; returns when it was woken since the last call. */
    void sleep() {
        sleep(Long.MAX_VALUE);
    }

    /** The same, or when the time is over; {@link Long#MAX_VALUE} for no limit. */
    void sleep(long nanos) {
        sleeper = Thread.currentThread();
        if (nanos != Long.MAX_VALUE) {
            if (!signalled.getAndSet(false)) {
                LockSupport.parkNanos(this, nanos);
                signalled.set(false);
                Thread.interrupted();
            }
            return;
        }
        while (!signalled.getAndSet(false)) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                return;
            }
        }
    }
}
