package io.solstice.worker.task;

import java.util.concurrent.atomic.AtomicLong;

/** What one task did in one stage. Written by the task's thread alone, read by any. */
public final class StageCounters {
    private final AtomicLong input = new AtomicLong();
    private final AtomicLong output = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();

    void addInput(long rows) {
        input.setOpaque(input.getPlain() + rows);
    }

    void addOutput(long rows) {
        output.setOpaque(output.getPlain() + rows);
    }

    /** Counts one row; called by the task or by the thread that reads for it. */
    public void skip() {
        skipped.incrementAndGet();
    }

    public long input() {
        return input.getOpaque();
    }

    public long output() {
        return output.getOpaque();
    }

    public long skipped() {
        return skipped.getOpaque();
    }
}
