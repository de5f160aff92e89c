package io.solstice.bench.startup;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.Job;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Solstice's side of {@link StartupProbe}. */
record SolsticeStartup(Solstice engine) implements StartupProbe.Running {
    static SolsticeStartup start() {
        return new SolsticeStartup(Solstice.embedded());
    }

    @Override
    public void runJob(int number) throws InterruptedException {
        Job job = new Job("startup-" + number)
                .addStage(Stage.of("numbers", GeneratorSource.numbers(0, 999).splits(2))
                        .parallelism(2))
                .addStage(
                        Stage.of(
                                        "even",
                                        FilterOperator.where(
                                                col("number").modulo(2).eq(0)))
                                .parallelism(2),
                        "numbers")
                .addStage(Stage.sink("nothing", Nowhere::new).parallelism(2), "even");
        engine.submit(job).await();
    }

    @Override
    public void close() {
        engine.close();
    }

    private static final class Nowhere implements Sink, SinkWriter {
        @Override
        public SinkWriter open(SinkContext context) {
            return this;
        }

        @Override
        public void write(Batch batch) {}

        @Override
        public @Nullable String seal() {
            return null;
        }

        @Override
        public void commit(List<Committable> sealed, SinkCommit which) {}

        @Override
        public void discard(List<Committable> sealed) {}

        @Override
        public void close() {}
    }
}
