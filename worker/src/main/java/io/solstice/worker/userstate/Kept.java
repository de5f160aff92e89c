package io.solstice.worker.userstate;

import org.jspecify.annotations.Nullable;

/** What is kept for one key, as objects. */
final class Kept {
    /** For a key of which nothing is kept; never written to. */
    static final Kept NOTHING = new Kept(0);

    /** By slot. */
    final @Nullable Object[] values;
    /** When each was written last, in milliseconds; only looked at for those that expire. */
    final long[] written;

    /** Null for none. */
    @Nullable
    Moments timers;

    @Nullable
    Moments clockTimers;

    /** Whether it is not what the newest row of its key says. */
    boolean changed;

    /** Whether a store has values of its key. */
    boolean stored;

    Kept(int slots) {
        values = new Object[slots];
        written = new long[slots];
    }

    @Nullable
    Moments moments(boolean clock) {
        return clock ? clockTimers : timers;
    }

    Moments momentsToAddTo(boolean clock) {
        Moments known = moments(clock);
        if (known != null) {
            return known;
        }
        Moments fresh = new Moments();
        if (clock) {
            clockTimers = fresh;
        } else {
            timers = fresh;
        }
        return fresh;
    }

    /** Whether the key waits for a moment. */
    boolean waits() {
        return timers != null && !timers.isEmpty() || clockTimers != null && !clockTimers.isEmpty();
    }

    boolean isEmpty() {
        for (Object value : values) {
            if (value != null) {
                return false;
            }
        }
        return !waits();
    }
}
