package io.solstice.embedded;

import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Takes its first batch and never comes back from it. */
final class StuckSink implements Sink {
    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    public SinkWriter open(SinkContext context) {
        return new SinkWriter() {
            @Override
            public void write(Batch batch) throws InterruptedException {
                never.await();
            }

            @Override
            public String seal() {
                return "nothing";
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
