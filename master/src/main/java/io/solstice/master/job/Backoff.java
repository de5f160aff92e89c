package io.solstice.master.job;

/** When to try again: soon at first, then ever later. */
final class Backoff {
    private static final long FIRST_MILLIS = 500;
    private static final long LONGEST_MILLIS = 10_000;

    private long dueMillis = Long.MAX_VALUE;
    private int tries;

    /** A first try begins. */
    void reset() {
        tries = 0;
        tried();
    }

    /** A try is under way; none is due until it has failed. */
    void tried() {
        dueMillis = Long.MAX_VALUE;
    }

    void failed(Moment now) {
        long wait = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(tries++, 10));
        dueMillis = now.steadyMillis() + wait;
    }

    boolean isDue(Moment now) {
        return now.steadyMillis() >= dueMillis;
    }
}
