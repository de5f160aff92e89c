package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The first batches of a range, made once and handed out in turn, by reference, until as many rows as the range has
 * were handed out (rounded up to whole batches). Measures what a system costs net of the generator.
 */
public final class Replay implements AutoCloseable {
    /** About 14 MB of touched memory: more than the caches of a core, as with fresh batches. */
    private static final int BATCHES = 16;

    private final List<Batch> batches = new ArrayList<>(BATCHES);
    private long left;
    private int next;

    public Replay(BufferAllocator allocator, EventRange range) {
        left = range.rows();
        try (NexmarkBatches maker = range.batches(allocator)) {
            for (int i = 0; i < BATCHES; i++) {
                batches.add(maker.make((long) i * NexmarkBatches.ROWS, NexmarkBatches.ROWS));
            }
        }
    }

    /** The next batch, owned by the caller, or null at the end. */
    public @Nullable Batch next() {
        if (left <= 0) {
            return null;
        }
        Batch batch = batches.get(next).share();
        next = (next + 1) % BATCHES;
        left -= batch.rowCount();
        return batch;
    }

    @Override
    public void close() {
        batches.forEach(Batch::close);
    }
}
