package io.solstice.bench.cluster;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Mock events, counted by an operator whose state that count is, without end. */
public final class TimedCheckpoints implements Workflow {
    private static final String SHAPE = "shape";
    private static final String SECONDS = "seconds";
    private static final String FOLDER = "folder";
    private static final int PARALLELISM = 2;
    private static final double ROWS_PER_SECOND = 100_000;
    /** More than any run reads. */
    private static final long ROWS = 1_000_000_000_000L;

    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** What comes after the count. */
    enum Shape {
        /** Files, in the same task. */
        FILES,
        /** Files, in tasks that get rows from all counting ones. */
        FILES_EXCHANGE,
        /** A sink that stands still a while for each batch, in the same task. */
        SLOW,
        /** The same, in tasks that get rows from all counting ones. */
        SLOW_EXCHANGE;

        boolean isSlow() {
            return this == SLOW || this == SLOW_EXCHANGE;
        }

        boolean exchanges() {
            return this == FILES_EXCHANGE || this == SLOW_EXCHANGE;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param seconds from one checkpoint to the next
     * @param folder for checkpoints and output
     */
    static JobContext context(String jobId, Shape shape, double seconds, Path folder) {
        return JobContext.of(jobId)
                .withConfig(Config.EMPTY
                        .with(SHAPE, shape.name())
                        .with(SECONDS, seconds)
                        .with(FOLDER, folder.toString()));
    }

    @Override
    public Job createJob(JobContext context) {
        Config config = context.config();
        Shape shape = Shape.valueOf(config.required(SHAPE));
        Path folder = Path.of(config.required(FOLDER));
        // A slow sink slows the whole job down; files would fill the disk.
        double rate = shape.isSlow() ? 0 : ROWS_PER_SECOND;
        GeneratorSource events =
                GeneratorSource.mockEvents(ROWS).splits(PARALLELISM).rowsPerSecond(rate);
        Stage sink = shape.isSlow()
                ? Stage.sink("sink", SlowSink::new)
                : Stage.of("sink", FileSink.json(folder.resolve("output").toString()));
        Stage parallel = sink.parallelism(PARALLELISM);
        return new Job(context)
                .stateBackend(new StateBackend.LocalStateBackend(
                        folder.resolve("checkpoints").toString()))
                .checkpointIntervalSecs(config.number(SECONDS, 1))
                .addStage(Stage.of("events", events).parallelism(PARALLELISM))
                .addStage(Stage.operator("count", Count::new).parallelism(PARALLELISM), "events")
                .addStage(shape.exchanges() ? parallel.partitioning(Partitioning.REBALANCE) : parallel, "count");
    }

    private static final class Count implements BatchOperator {
        private long rows;

        @Override
        public void process(Batch batch, Outbox out) {
            rows += batch.rowCount();
            out.emit(batch);
        }

        @Override
        public Row checkpoint() {
            return Row.of("rows", rows);
        }

        @Override
        public void restore(Row state) {
            rows = state.getLong("rows");
        }
    }

    /** Seals the number of its rows, so that all steps of a checkpoint are taken. */
    private static final class SlowSink implements Sink {
        @Override
        public SinkWriter open(SinkContext context) {
            return new SlowWriter();
        }

        @Override
        public void commit(List<Committable> sealed, SinkCommit which) {}

        @Override
        public void discard(List<Committable> sealed) {}
    }

    private static final class SlowWriter implements SinkWriter {
        private long rows;

        @Override
        public void write(Batch batch) {
            rows += batch.rowCount();
            long end = System.nanoTime() + SLOW_NANOS;
            for (long left = SLOW_NANOS; left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }

        @Override
        public String seal() {
            return Long.toString(rows);
        }

        @Override
        public void close() {}
    }
}
