package io.solstice.bench.engine;

import io.solstice.api.source.SourceReader;
import io.solstice.bench.nexmark.EventBatches;
import io.solstice.bench.nexmark.NexmarkBatches;
import io.solstice.exchange.batch.Batch;
import org.jspecify.annotations.Nullable;

/** Hands out batches of events that are made while they are read. */
final class BatchReader implements SourceReader {
    private final EventBatches batches;
    private final long end;
    private long position;

    /** @param position where to go on */
    BatchReader(EventBatches batches, long rows, long position) {
        this.batches = batches;
        this.end = rows;
        this.position = position;
    }

    @Override
    public @Nullable Batch read() {
        int rows = (int) Math.min(NexmarkBatches.ROWS, end - position);
        if (rows == 0) {
            return null;
        }
        Batch batch = batches.make(position, rows);
        position += rows;
        return batch;
    }

    @Override
    public void close() {
        batches.close();
    }
}
