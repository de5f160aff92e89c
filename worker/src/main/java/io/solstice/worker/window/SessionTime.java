package io.solstice.worker.window;

/**
 * The times of sessions, in microseconds.
 *
 * @param gap after its last row a session ends
 * @param lateness after its end it is forgotten
 */
record SessionTime(long gap, long lateness) {
    /** How much time a bucket of sessions spans that are looked after together. */
    long bucketMicros() {
        return Math.max(1, gap / 16);
    }

    /**
     * The step of event time in which the end of a session lies. Those of one step are brought back from runs together,
     * which costs less than one by one and is little beside what there is.
     */
    long endStep(long last) {
        return stepOf(last + gap);
    }

    long stepOf(long moment) {
        return Math.floorDiv(moment, Math.max(1, gap / 64));
    }

    /** Whether a session with that last row has been forgotten. */
    boolean isOver(long last, long watermark) {
        return last + gap + lateness <= watermark;
    }
}
