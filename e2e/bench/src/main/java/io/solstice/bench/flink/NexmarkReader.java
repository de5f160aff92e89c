package io.solstice.bench.flink;

import io.solstice.bench.nexmark.Event;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.bench.nexmark.RowGenerator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;

/** Emits the events of one task, many for each call, which costs Flink least. */
final class NexmarkReader implements SourceReader<Event, NexmarkSource.Position> {
    private static final int EVENTS_PER_POLL = 256;

    private final int task;
    private final RowGenerator generator;
    private final EventRange range;
    private final Runnable started;
    private long position;

    NexmarkReader(int task, EventRange range, Runnable started) {
        this.task = task;
        this.generator = new RowGenerator(range.seed());
        this.range = range;
        this.started = started;
    }

    @Override
    public void start() {
        started.run();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<Event> output) {
        long end = Math.min(range.rows(), position + EVENTS_PER_POLL);
        for (; position < end; position++) {
            output.collect(generator.event(range.event(position)));
        }
        return position == range.rows() ? InputStatus.END_OF_INPUT : InputStatus.MORE_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public List<NexmarkSource.Position> snapshotState(long checkpointId) {
        return List.of(new NexmarkSource.Position(task, position));
    }

    @Override
    public void addSplits(List<NexmarkSource.Position> splits) {
        splits.forEach(restored -> position = restored.events());
    }

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}
}
