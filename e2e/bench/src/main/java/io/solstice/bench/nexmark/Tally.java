package io.solstice.bench.nexmark;

import java.util.concurrent.atomic.LongAdder;

/** Adds up the checksums of several tasks, from any thread. */
public final class Tally {
    private final LongAdder rows = new LongAdder();
    private final LongAdder sum = new LongAdder();

    public void add(Checksum part) {
        rows.add(part.rows());
        sum.add(part.sum());
    }

    /** What the tasks that have ended came to. */
    public Checksum total() {
        return new Checksum(rows.sum(), sum.sum());
    }
}
