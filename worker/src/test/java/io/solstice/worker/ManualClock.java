package io.solstice.worker;

import io.solstice.common.loop.Clock;
import java.util.concurrent.TimeUnit;

/** Stands still until it is told to go on. */
public final class ManualClock implements Clock {
    private long millis;

    /** @param millis since 1970-01-01 UTC */
    public ManualClock(long millis) {
        this.millis = millis;
    }

    public void advance(long more) {
        millis += more;
    }

    @Override
    public long wallMillis() {
        return millis;
    }

    @Override
    public long monotonicNanos() {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
