package io.solstice.bench.skew;

import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.arrow.vector.BigIntVector;

/** Adds up some columns of whole numbers. */
final class SumSink implements Sink {
    private final List<String> columns;
    private final LongConsumer result;

    SumSink(List<String> columns, LongConsumer result) {
        this.columns = columns;
        this.result = result;
    }

    @Override
    public SinkWriter open(SinkContext context) {
        return new SinkWriter() {
            private long sum;

            @Override
            public void write(Batch batch) {
                for (String column : columns) {
                    BigIntVector numbers = (BigIntVector) batch.column(column);
                    for (int i = 0; i < batch.rowCount(); i++) {
                        sum += numbers.get(i);
                    }
                }
            }

            @Override
            public String seal() {
                return Long.toString(sum);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void commit(List<Committable> sealed, SinkCommit which) {
        sealed.forEach(part -> result.accept(Long.parseLong(part.payload())));
    }

    @Override
    public void discard(List<Committable> sealed) {}
}
