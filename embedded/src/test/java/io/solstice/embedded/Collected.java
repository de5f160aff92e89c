package io.solstice.embedded;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rows that reached a sink. */
final class Collected {
    private final ConcurrentLinkedQueue<Row> rows = new ConcurrentLinkedQueue<>();

    Sink sink() {
        return new ToConsumer(batch -> rows.addAll(new RowReader(batch).rows()));
    }

    static Sink counting() {
        return new ToConsumer(batch -> {});
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }

    List<Long> longs(String name) {
        return rows.stream().map(row -> row.getLong(name)).toList();
    }

    private record ToConsumer(Consumer<Batch> consumer) implements Sink {
        @Override
        public SinkWriter open(SinkContext context) {
            return new SinkWriter() {
                @Override
                public void write(Batch batch) {
                    consumer.accept(batch);
                }

                @Override
                public @Nullable String seal() {
                    return null;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void commit(List<Committable> sealed) {}

        @Override
        public void discard(List<Committable> sealed) {}
    }
}
