package io.solstice.bench.state;

import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.util.List;

/** Writes nothing. */
record Nowhere() implements Sink {
    @Override
    public SinkWriter open(SinkContext context) {
        return new SinkWriter() {
            @Override
            public void write(Batch batch) {}

            @Override
            public String seal() {
                return "";
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void commit(List<Committable> sealed, SinkCommit which) {}

    @Override
    public void discard(List<Committable> sealed) {}
}
