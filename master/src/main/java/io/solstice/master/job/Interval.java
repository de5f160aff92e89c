package io.solstice.master.job;

import io.solstice.common.graph.CheckpointPolicy;

/** The time, and the records, from one checkpoint to the next: whichever is over first. */
final class Interval {
    private final CheckpointPolicy policy;
    private long sinceMillis;
    private long sinceRecords;
    private long lastRecords;

    Interval(CheckpointPolicy policy) {
        this.policy = policy;
    }

    /** Sources begin to read. */
    void begin(Moment now) {
        sinceMillis = now.steadyMillis();
        sinceRecords = 0;
        lastRecords = 0;
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
