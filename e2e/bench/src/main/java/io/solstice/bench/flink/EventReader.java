package io.solstice.bench.flink;

import io.solstice.bench.nexmark.EventRange;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;

/** Emits the events of one task, many for each call, which costs Flink least. */
final class EventReader<T> implements SourceReader<T, EventSource.Position> {
    private static final int EVENTS_PER_POLL = 256;

    private final int task;
    private final LongFunction<T> events;
    private final EventRange range;
    private final Runnable started;
    private long position;

    EventReader(int task, EventRange range, LongFunction<T> events, Runnable started) {
        this.task = task;
        this.events = events;
        this.range = range;
        this.started = started;
    }

    @Override
    public void start() {
        started.run();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) {
        long end = Math.min(range.rows(), position + EVENTS_PER_POLL);
        for (; position < end; position++) {
            output.collect(events.apply(range.event(position)));
        }
        return position == range.rows() ? InputStatus.END_OF_INPUT : InputStatus.MORE_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public List<EventSource.Position> snapshotState(long checkpointId) {
        return List.of(new EventSource.Position(task, position));
    }

    @Override
    public void addSplits(List<EventSource.Position> splits) {
        splits.forEach(restored -> position = restored.events());
    }

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}
}
