package io.solstice.master.job;

import io.solstice.common.graph.CheckpointPolicy;

/** The time, and the records, from one checkpoint to the next: whichever is over first. */
final class Interval {
    /** Of the interval, until the first checkpoint after trouble. */
    private static final double FIRST_PART = 0.25;

    private final CheckpointPolicy policy;
    private long sinceMillis;
    private long sinceRecords;
    private long lastRecords;

    Interval(CheckpointPolicy policy) {
        this.policy = policy;
    }

    /**
     * Sources begin to read.
     *
     * @param again what they read has been read before, or waits to be seen: the first one is over sooner
     */
    void begin(Moment now, boolean again) {
        long passed = again ? Math.round(policy.intervalSecs() * 1_000 * (1 - FIRST_PART)) : 0;
        sinceMillis = now.steadyMillis() - passed;
        sinceRecords = 0;
        lastRecords = 0;
    }

    /** Some of the sources begin to read again: the next checkpoint comes sooner. */
    void shorten(Moment now) {
        long part = Math.round(policy.intervalSecs() * 1_000 * (1 - FIRST_PART));
        sinceMillis = Math.min(sinceMillis, now.steadyMillis() - part);
    }

    /** A checkpoint is taken for another reason: the next interval begins. */
    void beginAnew(Moment now) {
        sinceMillis = now.steadyMillis();
        sinceRecords = lastRecords;
    }

    /** Records that were read in it, as far as is known. */
    long records() {
        return lastRecords - sinceRecords;
    }

    /**
     * Whether it is over; the next one begins if so.
     *
     * @param records that were read since {@link #begin}
     */
    boolean isOver(Moment now, long records) {
        lastRecords = records;
        boolean over = now.steadyMillis() - sinceMillis >= policy.intervalSecs() * 1_000
                || policy.intervalRecords() > 0 && records - sinceRecords >= policy.intervalRecords();
        if (over) {
            beginAnew(now);
        }
        return over;
    }
}
