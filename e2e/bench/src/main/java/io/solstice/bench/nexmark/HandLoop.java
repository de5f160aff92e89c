package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The queries without an engine, on one thread. It is the limit that the systems are measured against, and tells which
 * checksum they must come to.
 */
public final class HandLoop {
    private HandLoop() {}

    /** Generates the events of a split into one batch, again and again, and queries it. */
    public static Checksum generate(Query query, BufferAllocator allocator, EventRange range, Runnable started) {
        QueryLoop loop = QueryLoop.of(query);
        try (NexmarkBatches batches = range.batches(allocator);
                Batch reused = batches.make(0, NexmarkBatches.ROWS)) {
            started.run();
            long position = 0;
            for (; position + NexmarkBatches.ROWS <= range.rows(); position += NexmarkBatches.ROWS) {
                batches.refill(reused, position);
                loop.add(reused);
            }
            if (position < range.rows()) {
                try (Batch last = batches.make(position, (int) (range.rows() - position))) {
                    loop.add(last);
                }
            }
        }
        return loop.end();
    }

    /**
     * Queries batches that are in memory already: a few of them in turn, until so many rows have passed; for queries
     * with state, for which time must go on, all of the events, with just the columns that they need.
     */
    public static Checksum replay(Query query, BufferAllocator allocator, EventRange range, Runnable started) {
        QueryLoop loop = QueryLoop.of(query);
        return query.hasState()
                ? all(loop, range.all(allocator, loop.columns()), started)
                : inTurn(loop, new Replay(allocator, range), started);
    }

    private static Checksum inTurn(QueryLoop loop, Replay batches, Runnable started) {
        try (batches) {
            started.run();
            for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
                loop.add(batch);
                batch.close();
            }
        }
        return loop.end();
    }

    private static Checksum all(QueryLoop loop, List<Batch> batches, Runnable started) {
        try {
            started.run();
            batches.forEach(loop::add);
            return loop.end();
        } finally {
            batches.forEach(Batch::close);
        }
    }
}
