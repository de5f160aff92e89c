package io.solstice.worker.task;

import java.util.concurrent.atomic.AtomicLong;

/** What one task did in one stage. Written by the task's thread alone, read by any. */
public final class StageCounters {
    private final AtomicLong input = new AtomicLong();
    private final AtomicLong output = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong late = new AtomicLong();

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

    /** Counts rows that came too late; called by the task. */
    public void addLate(long rows) {
        late.setOpaque(late.getPlain() + rows);
    }

    public long input() {
        return input.getOpaque();
    }

    public long output() {
        return output.getOpaque();
    }

    public long late() {
        return late.getOpaque();
    }

    public long skipped() {
        return skipped.getOpaque();
    }
}
