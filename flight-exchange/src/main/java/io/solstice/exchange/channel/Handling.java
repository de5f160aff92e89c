package io.solstice.exchange.channel;

import io.solstice.common.loop.Clock;
import java.util.concurrent.TimeUnit;

/** How fast a task handles batches: from when it takes one until it asks for the next. Used by the task's thread. */
final class Handling {
    /** Batches that wait longer for a slow task would hold barriers up, and make it no faster. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** What a batch counts less with each one after it. */
    private static final double FADING = 0.875;
    /** Smaller changes are not worth telling the senders. */
    private static final double SAME = 0.2;

    private final Clock clock;
    private double bytes;
    private double nanos;
    private long begun;
    private long handled;
    private double told = Double.MAX_VALUE;

    Handling(Clock clock) {
        this.clock = clock;
    }

    /** The task takes a batch of so many bytes. */
    void begins(long size) {
        handled = size;
        begun = clock.monotonicNanos();
    }

    /** The task asks for more. Returns whether {@link #soon} has changed. */
    boolean isDone() {
        if (handled == 0) {
            return false;
        }
        bytes = bytes * FADING + handled;
        nanos = nanos * FADING + (clock.monotonicNanos() - begun);
        handled = 0;
        double now = rate();
        if (Math.abs(now - told) <= told * SAME) {
            return false;
        }
        told = now;
        return true;
    }

    private double rate() {
        return bytes / Math.max(1, nanos);
    }

    /** How many bytes the task handles soon. */
    long soon() {
        return (long) (told * SOON_NANOS);
    }
}
