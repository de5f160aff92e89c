package io.solstice.master.lease;

import io.solstice.common.loop.Clock;

/** Until when this master leads unless the lease is renewed. Any thread may ask. */
public final class Tenure {
    private final Clock clock;
    private volatile long untilMillis = Long.MIN_VALUE;

    public Tenure(Clock clock) {
        this.clock = clock;
    }

    /** On the clock that never goes back. */
    long nowMillis() {
        return clock.monotonicNanos() / 1_000_000;
    }

    void lastUntil(long millis) {
        untilMillis = millis;
    }

    /** Whether it leads now; also right in a process that has just woken up and knows of nothing yet. */
    public boolean lasts() {
        return nowMillis() < untilMillis;
    }
}
