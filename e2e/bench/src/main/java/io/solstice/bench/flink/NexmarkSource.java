package io.solstice.bench.flink;

import io.solstice.bench.nexmark.Event;
import io.solstice.bench.nexmark.EventRange;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/** Each task knows its events from its number, so there is nothing to assign. */
record NexmarkSource(long run, long seed, long events) implements Source<Event, NexmarkSource.NoSplit, Integer> {
    private static final long serialVersionUID = 1;

    /** Never exists. */
    interface NoSplit extends SourceSplit {}

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<Event, NoSplit> createReader(SourceReaderContext context) {
        EventRange range = EventRange.of(seed, events, context.getIndexOfSubtask(), context.currentParallelism());
        return new NexmarkReader(range, () -> FlinkRun.of(run).begin());
    }

    @Override
    public SplitEnumerator<NoSplit, Integer> createEnumerator(SplitEnumeratorContext<NoSplit> context) {
        return new NothingToAssign();
    }

    @Override
    public SplitEnumerator<NoSplit, Integer> restoreEnumerator(
            SplitEnumeratorContext<NoSplit> context, Integer checkpoint) {
        return new NothingToAssign();
    }

    @Override
    public SimpleVersionedSerializer<NoSplit> getSplitSerializer() {
        return new Unused<>();
    }

    @Override
    public SimpleVersionedSerializer<Integer> getEnumeratorCheckpointSerializer() {
        return new Unused<>();
    }

    private static final class NothingToAssign implements SplitEnumerator<NoSplit, Integer> {
        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int subtask, @Nullable String host) {}

        @Override
        public void addSplitsBack(List<NoSplit> splits, int subtask) {}

        @Override
        public void addReader(int subtask) {}

        @Override
        public Integer snapshotState(long checkpointId) {
            return 0;
        }

        @Override
        public void close() {}
    }

    /** There are no checkpoints, so nothing is ever written. */
    private static final class Unused<T> implements SimpleVersionedSerializer<T> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(T value) {
            throw new UnsupportedOperationException("no checkpoints are taken");
        }

        @Override
        public T deserialize(int version, byte[] bytes) {
            throw new UnsupportedOperationException("no checkpoints are taken");
        }
    }
}
