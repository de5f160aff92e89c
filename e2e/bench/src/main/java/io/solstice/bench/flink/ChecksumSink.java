package io.solstice.bench.flink;

import io.solstice.bench.nexmark.Checksum;
import java.io.Serializable;
import java.util.function.ToLongFunction;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Sums up what it gets, and reports it at the end of the input. */
record ChecksumSink<T>(long run, RowSum<T> sum) implements Sink<T> {
    private static final long serialVersionUID = 1;

    /** A row's part of the checksum. */
    interface RowSum<T> extends ToLongFunction<T>, Serializable {}

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new Writer<>(FlinkRun.of(run), sum);
    }

    private static final class Writer<T> implements SinkWriter<T> {
        private final FlinkRun run;
        private final RowSum<T> sum;
        private long rows;
        private long total;

        Writer(FlinkRun run, RowSum<T> sum) {
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
                run.add(new Checksum(rows, total));
            }
        }

        @Override
        public void close() {}
    }
}
