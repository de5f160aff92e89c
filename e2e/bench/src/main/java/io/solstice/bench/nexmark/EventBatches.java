package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;

/** Makes batches of the events of one task. Used by one thread; the batches outlive it. */
public interface EventBatches extends AutoCloseable {
    /** The rows from that position on, owned by the caller. */
    Batch make(long position, int rows);

    @Override
    void close();
}
