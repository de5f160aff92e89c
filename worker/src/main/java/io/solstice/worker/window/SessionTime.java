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

    /** The bucket of a moment. */
    long bucketOf(long moment) {
        return Math.floorDiv(moment, bucketMicros());
    }

    /** Whether a session with that last row has been forgotten. */
    boolean isOver(long last, long watermark) {
        return last + gap + lateness <= watermark;
    }
}
