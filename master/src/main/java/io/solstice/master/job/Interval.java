package io.solstice.master.job;

import io.solstice.common.graph.CheckpointPolicy;

/** The time, and the records, from one checkpoint to the next: whichever is over first. */
final class Interval {
    private final CheckpointPolicy policy;
    private long sinceMillis;
    private long sinceRecords;

    Interval(CheckpointPolicy policy) {
        this.policy = policy;
    }

    /** Sources begin to read. */
    void begin(Moment now) {
        sinceMillis = now.steadyMillis();
        sinceRecords = 0;
    }

    /**
     * Whether it is over; the next one begins if so.
     *
     * @param records that were read since {@link #begin}
     */
    boolean isOver(Moment now, long records) {
        boolean over = now.steadyMillis() - sinceMillis >= policy.intervalSecs() * 1_000
                || policy.intervalRecords() > 0 && records - sinceRecords >= policy.intervalRecords();
        if (over) {
            sinceMillis = now.steadyMillis();
            sinceRecords = records;
        }
        return over;
    }
}
