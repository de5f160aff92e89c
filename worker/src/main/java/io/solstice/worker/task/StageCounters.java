package io.solstice.worker.task;

import io.solstice.common.protocol.StateUse;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What one task did in one stage. Written by the task's thread alone, read by any. */
public final class StageCounters {
    private final AtomicLong input = new AtomicLong();
    private final AtomicLong output = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong late = new AtomicLong();

    private volatile @Nullable StateUse state;

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

    /** Says where state by key is; called by the task. */
    public void keeps(StateUse use) {
        state = use;
    }

    /** Null if there is none. */
    public @Nullable StateUse state() {
        return state;
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
