package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The events of one source task: every {@code stride}th from {@code first} on. Tasks take turns, so that event time
 * moves on alike in all of them.
 */
public record EventRange(long seed, long first, long stride, long rows) {
    /** Divides events 0 to {@code events - 1}. */
    public static EventRange of(long seed, long events, int task, int tasks) {
        return new EventRange(seed, task, tasks, (events - task + tasks - 1) / tasks);
    }

    /** The number of the event at a position. */
    public long event(long position) {
        return first + position * stride;
    }

    /** All of them, with the columns at these positions; the batches are the caller's. */
    List<Batch> all(BufferAllocator allocator, int... columns) {
        List<Batch> made = new ArrayList<>();
        try (NexmarkBatches maker = batches(allocator)) {
            for (long position = 0; position < rows; position += NexmarkBatches.ROWS) {
                try (Batch whole = maker.make(position, (int) Math.min(NexmarkBatches.ROWS, rows - position))) {
                    made.add(whole.select(columns));
                }
            }
        }
        return made;
    }

    public NexmarkBatches batches(BufferAllocator allocator) {
        return new NexmarkBatches(allocator, seed, first, stride);
    }
}
