package io.solstice.faults.workload;

import io.solstice.common.loop.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Lets rows come at a steady rate, until there is a file that says that the rest is to come at once. */
final class Pace {
    private static final long LONGEST_WAIT_NANOS = 100_000_000;

    private final double rowsPerSecond;
    private final Path hurry;
    /** Since when, and with which row, the rows keep their pace. */
    private long begunNanos;

    private long begin;

    Pace(double rowsPerSecond, Path hurry, long begin) {
        this.rowsPerSecond = rowsPerSecond;
        this.hurry = hurry;
        restart(begin);
    }

    /** That row is due now. */
    void restart(long row) {
        begunNanos = Clock.SYSTEM.monotonicNanos();
        begin = row;
    }

    boolean isOver() {
        return Files.exists(hurry);
    }

    /** Waits until that row is due, in short turns so that the end of the task is not held up. */
    void await(long row) {
        long due = begunNanos + (long) ((row - begin) / rowsPerSecond * 1e9);
        for (long wait = due - Clock.SYSTEM.monotonicNanos(); wait > 0; wait = due - Clock.SYSTEM.monotonicNanos()) {
            if (isOver() || Thread.currentThread().isInterrupted()) {
                return;
            }
            LockSupport.parkNanos(Math.min(wait, LONGEST_WAIT_NANOS));
        }
    }
}
