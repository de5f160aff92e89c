package io.solstice.master.lease;

import io.solstice.common.loop.Clock;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Until when this master leads unless the lease is renewed: where the lease's thread tells it to those that act. */
public final class Tenure {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long untilMillis = Long.MIN_VALUE;
    private boolean over;

    public Tenure(Clock clock) {
        this.clock = clock;
    }

    /** On the clock that never goes back. */
    long nowMillis() {
        return clock.monotonicNanos() / 1_000_000;
    }

    void lastUntil(long millis) {
        lock.lock();
        try {
            untilMillis = millis;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** It is not renewed any more; nobody need wait for that. */
    public void end() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits while the lease is late, and says whether this master leads then; right also in a process that has just
     * woken up and knows of nothing yet.
     */
    public boolean lasts() {
        lock.lock();
        try {
            while (nowMillis() >= untilMillis && !over) {
                changed.awaitUninterruptibly();
            }
            return nowMillis() < untilMillis;
        } finally {
            lock.unlock();
        }
    }
}
