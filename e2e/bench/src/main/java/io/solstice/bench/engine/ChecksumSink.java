package io.solstice.bench.engine;

import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.bench.nexmark.BatchChecksum;
import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.Query;
import io.solstice.bench.nexmark.ResultChecksum;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Sums up what it gets. The tasks' sums are added when the job commits. */
final class ChecksumSink implements Sink {
    private final Supplier<BatchChecksum> checksum;
    private final Consumer<Checksum> result;

    ChecksumSink(Query query, Consumer<Checksum> result) {
        this(() -> new ResultChecksum(query), result);
    }

    /** @param checksum makes one for each task */
    ChecksumSink(Supplier<BatchChecksum> checksum, Consumer<Checksum> result) {
        this.checksum = checksum;
        this.result = result;
    }

    @Override
    public SinkWriter open(SinkContext context) {
        return new Writer(checksum.get());
    }

    @Override
    public void commit(List<Committable> sealed, SinkCommit which) {
        Checksum total = Checksum.NONE;
        for (Committable part : sealed) {
            total = total.plus(Checksum.parse(part.payload()));
        }
        result.accept(total);
    }

    @Override
    public void discard(List<Committable> sealed) {}

    private record Writer(BatchChecksum checksum) implements SinkWriter {
        @Override
        public void write(Batch batch) {
            checksum.add(batch);
        }

        @Override
        public String seal() {
            return checksum.value().toString();
        }

        @Override
        public void close() {}
    }
}
