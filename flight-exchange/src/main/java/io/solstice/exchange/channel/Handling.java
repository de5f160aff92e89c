package io.solstice.exchange.channel;

import io.solstice.common.loop.Clock;
import java.util.concurrent.TimeUnit;

/**
 * How fast a task handles batches: from when it takes one until it asks for the next. Used by the task's thread.
 *
 * <p>Fewer small batches are let in than large ones, also by the time that they take. A source whose task has no room
 * gathers its rows, and a large batch takes less time than many small ones. If these could pile up, a delay would keep
 * itself up once it is there: small batches take the receiver longer than the sender, the room is always full of them,
 * and each row waits for all that is before it.
 */
final class Handling {
    /** Batches that wait longer for a slow task would hold barriers up, and make it no faster. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** The time of small batches: enough for the sender to hear that there is room again. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** Batches from here on are large. */
    private static final double LARGE_BYTES = 64 << 10;
    /** What a batch counts less with each one after it. */
    private static final double FADING = 0.875;
    /** Smaller changes are not worth telling the senders. */
    private static final double SAME = 0.2;

    private final Clock clock;
    private double batches;
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
        batches = batches * FADING + 1;
        bytes = bytes * FADING + handled;
        nanos = nanos * FADING + (clock.monotonicNanos() - begun);
        handled = 0;
        double now = bytes / Math.max(1, nanos) * soonNanos();
        if (Math.abs(now - told) <= told * SAME) {
            return false;
        }
        told = now;
        return true;
    }

    private double soonNanos() {
        double large = bytes / batches / LARGE_BYTES;
        return Math.max(LEAST_NANOS, Math.min(SOON_NANOS, SOON_NANOS * large));
    }

    /** How many bytes the task handles soon. */
    long soon() {
        return (long) told;
    }
}
