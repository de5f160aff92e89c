package io.solstice.common.loop;

/** Where deciding code gets the time from, so that a simulation can give it another one. */
public interface Clock {
    /** Milliseconds since 1970-01-01 UTC. May jump. */
    long wallMillis();

    /** Nanoseconds since some fixed moment. Never goes back; for durations. */
    long monotonicNanos();

    /** The machine's own clock. */
    Clock SYSTEM = new Clock() {
        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }
    };
}
