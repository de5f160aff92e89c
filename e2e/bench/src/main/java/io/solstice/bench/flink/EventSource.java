package io.solstice.bench.flink;

import io.solstice.bench.nexmark.EventMaker;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.bench.nexmark.QueryRun;
import java.nio.ByteBuffer;
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

/** Each task knows its events from its number, so there is nothing to assign, except positions after a failure. */
record EventSource<T>(long run, long seed, long events, EventMaker<T> maker)
        implements Source<T, EventSource.Position, Integer> {
    private static final long serialVersionUID = 1;

    /** How many of its events a task has emitted: its part of a checkpoint. */
    record Position(int task, long events) implements SourceSplit {
        @Override
        public String splitId() {
            return "events-" + task;
        }
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<T, Position> createReader(SourceReaderContext context) {
        int task = context.getIndexOfSubtask();
        EventRange range = EventRange.of(seed, events, task, context.currentParallelism());
        return new EventReader<>(
                task, range, maker.with(seed), () -> QueryRun.of(run).begin());
    }

    @Override
    public SplitEnumerator<Position, Integer> createEnumerator(SplitEnumeratorContext<Position> context) {
        return new NothingToAssign();
    }

    @Override
    public SplitEnumerator<Position, Integer> restoreEnumerator(
            SplitEnumeratorContext<Position> context, Integer checkpoint) {
        return new NothingToAssign();
    }

    @Override
    public SimpleVersionedSerializer<Position> getSplitSerializer() {
        return new PositionBytes();
    }

    @Override
    public SimpleVersionedSerializer<Integer> getEnumeratorCheckpointSerializer() {
        return new IntegerBytes();
    }

    private static final class NothingToAssign implements SplitEnumerator<Position, Integer> {
        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int subtask, @Nullable String host) {}

        @Override
        public void addSplitsBack(List<Position> splits, int subtask) {}

        @Override
        public void addReader(int subtask) {}

        @Override
        public Integer snapshotState(long checkpointId) {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static final class PositionBytes implements SimpleVersionedSerializer<Position> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Position position) {
            return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                    .putInt(position.task)
                    .putLong(position.events)
                    .array();
        }

        @Override
        public Position deserialize(int version, byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Position(buffer.getInt(), buffer.getLong());
        }
    }

    private static final class IntegerBytes implements SimpleVersionedSerializer<Integer> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Integer value) {
            return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
        }

        @Override
        public Integer deserialize(int version, byte[] bytes) {
            return ByteBuffer.wrap(bytes).getInt();
        }
    }
}
