package io.solstice.bench.cluster;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A thousand numbers, mapped and filtered; the first task of the sink that gets some leaves the time in a file. */
public final class FirstRow implements Workflow {
    static final String FILE = "file";

    @Override
    public Job createJob(JobContext context) {
        Path file = Path.of(context.config().required(FILE));
        return new Job(context)
                .addStage(Stage.of("numbers", GeneratorSource.numbers(0, 999).splits(2))
                        .parallelism(2))
                .addStage(
                        Stage.of(
                                        "doubled",
                                        MapOperator.select(
                                                col("number").times(2).as("number")))
                                .parallelism(2),
                        "numbers")
                .addStage(
                        Stage.of(
                                        "fours",
                                        FilterOperator.where(
                                                col("number").modulo(4).eq(0)))
                                .parallelism(2),
                        "doubled")
                .addStage(Stage.sink("first", () -> new TimeSink(file)).parallelism(2), "fours");
    }

    /** Microseconds of the machine's clock, which all of its processes share. */
    static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private record TimeSink(Path file) implements Sink {
        @Override
        public SinkWriter open(SinkContext context) {
            return new TimeWriter(file);
        }

        @Override
        public void commit(List<Committable> sealed, SinkCommit which) {}

        @Override
        public void discard(List<Committable> sealed) {}
    }

    private static final class TimeWriter implements SinkWriter {
        private final Path file;
        private boolean written;

        TimeWriter(Path file) {
            this.file = file;
        }

        @Override
        public void write(Batch batch) throws IOException {
            if (written || batch.rowCount() == 0) {
                return;
            }
            written = true;
            try {
                Files.writeString(file, Long.toString(micros()), StandardOpenOption.CREATE_NEW);
            } catch (FileAlreadyExistsException later) {
                // The other task had a row before.
            }
        }

        @Override
        public @Nullable String seal() {
            return null;
        }

        @Override
        public void close() {}
    }
}
