package io.solstice.bench.engine;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.bench.nexmark.NexmarkBatches;
import io.solstice.bench.nexmark.Replay;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Events made while they are read, or made before and replayed. There is one split for each task; its number is all
 * that it holds.
 */
final class NexmarkSource implements Source {
    private final long seed;
    private final long events;
    private final int tasks;
    private final boolean replay;
    private final Runnable started;

    NexmarkSource(long seed, long events, int tasks, boolean replay, Runnable started) {
        this.seed = seed;
        this.events = events;
        this.tasks = tasks;
        this.replay = replay;
        this.started = started;
    }

    @Override
    public Schema schema() {
        return NexmarkBatches.schema();
    }

    @Override
    public List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            long rows = EventRange.of(seed, events, task, tasks).rows();
            splits.add(new Split("events-" + task, Integer.toString(task), rows));
        }
        return splits;
    }

    /** Making events waits for nothing: the task itself calls the reader, as Flink's task calls its source. */
    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        EventRange range = EventRange.of(seed, events, Integer.parseInt(split.payload()), tasks);
        SourceReader reader = replay
                ? new ReplayReader(new Replay(context.allocator(), range))
                : new BatchReader(range.batches(context.allocator()), range.rows(), position);
        started.run();
        return reader;
    }

    private record ReplayReader(Replay replay) implements SourceReader {
        @Override
        public @Nullable Batch read() {
            return replay.next();
        }

        @Override
        public void close() {
            replay.close();
        }
    }
}
