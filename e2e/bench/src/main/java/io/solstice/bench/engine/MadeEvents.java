package io.solstice.bench.engine;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.bench.nexmark.EventBatches;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.common.protocol.Split;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** Events made while they are read. There is one split for each task; its number is all that it holds. */
record MadeEvents(Schema schema, Making making, long seed, long events, int tasks, Runnable started) implements Source {
    /** Makes the events of one task. */
    @FunctionalInterface
    interface Making {
        EventBatches of(BufferAllocator allocator, EventRange range);
    }

    @Override
    public List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            splits.add(new Split(
                    "events-" + task, Integer.toString(task), range(task).rows()));
        }
        return splits;
    }

    private EventRange range(int task) {
        return EventRange.of(seed, events, task, tasks);
    }

    /** Making events waits for nothing: the task itself calls the reader, as Flink's task calls its source. */
    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        EventRange range = range(Integer.parseInt(split.payload()));
        started.run();
        return new BatchReader(making.of(context.allocator(), range), range.rows(), position);
    }
}
