package io.solstice.bench.flink;

import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.QueryRun;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Sums up what it gets, in two phases as a sink that writes exactly once: the sum since the checkpoint before is
 * committed with each checkpoint, and at the end of the input.
 */
record ChecksumSink<T>(long run, RowSum<T> sum) implements Sink<T>, SupportsCommitter<Checksum> {
    private static final long serialVersionUID = 1;

    /** A row's part of the checksum. */
    interface RowSum<T> extends ToLongFunction<T>, Serializable {}

    @Override
    public CommittingSinkWriter<T, Checksum> createWriter(WriterInitContext context) {
        return new Writer<>(QueryRun.of(run), sum);
    }

    @Override
    public Committer<Checksum> createCommitter(CommitterInitContext context) {
        return new Total(QueryRun.of(run));
    }

    @Override
    public SimpleVersionedSerializer<Checksum> getCommittableSerializer() {
        return new AsText();
    }

    private static final class Writer<T> implements CommittingSinkWriter<T, Checksum> {
        private final QueryRun run;
        private final RowSum<T> sum;
        private long rows;
        private long total;

        Writer(QueryRun run, RowSum<T> sum) {
            this.run = run;
            this.sum = sum;
        }

        @Override
        public void write(T row, Context context) {
            rows++;
            total += sum.applyAsLong(row);
        }

        @Override
        public void flush(boolean endOfInput) {
            if (endOfInput) {
                run.end();
            }
        }

        @Override
        public Collection<Checksum> prepareCommit() {
            Checksum part = new Checksum(rows, total);
            rows = 0;
            total = 0;
            return List.of(part);
        }

        @Override
        public void close() {}
    }

    private record Total(QueryRun run) implements Committer<Checksum> {
        @Override
        public void commit(Collection<CommitRequest<Checksum>> requests) {
            requests.forEach(request -> run.add(request.getCommittable()));
        }

        @Override
        public void close() {}
    }

    private static final class AsText implements SimpleVersionedSerializer<Checksum> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Checksum part) {
            return part.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Checksum deserialize(int version, byte[] bytes) {
            return Checksum.parse(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
