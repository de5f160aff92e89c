package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;

/** Sums up the batches that a query gives. Used by one thread. */
public interface BatchChecksum {
    void add(Batch batch);

    Checksum value();
}
