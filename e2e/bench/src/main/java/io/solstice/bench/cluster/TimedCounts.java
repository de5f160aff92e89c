package io.solstice.bench.cluster;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.row.Row;
import io.solstice.api.sink.Guarantee;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.BigIntVector;
import org.jspecify.annotations.Nullable;

/** Events at a steady rate, counted by key; how long each takes from when it is due until its count is at the sink. */
public final class TimedCounts implements Workflow {
    static final double EVENTS_PER_SECOND = 100_000;
    private static final long KEYS = 10_000;
    private static final String SECONDS = "seconds";
    private static final String WARM_SECONDS = "warm";
    private static final String INTERVAL = "interval";
    private static final String FOLDER = "folder";
    private static final String PARALLELISM = "parallelism";

    /**
     * @param warm seconds at the beginning that do not count
     * @param interval from one checkpoint to the next, in seconds; 0 for none
     * @param folder for checkpoints and what the sinks have seen
     */
    static JobContext context(String jobId, int parallelism, int seconds, int warm, double interval, Path folder) {
        return JobContext.of(jobId)
                .withConfig(Config.EMPTY
                        .with(PARALLELISM, parallelism)
                        .with(SECONDS, seconds)
                        .with(WARM_SECONDS, warm)
                        .with(INTERVAL, interval)
                        .with(FOLDER, folder.toString()));
    }

    @Override
    public Job createJob(JobContext context) {
        Config config = context.config();
        Path folder = Path.of(config.required(FOLDER));
        double warm = config.number(WARM_SECONDS, 0);
        long events = (long) ((warm + config.number(SECONDS, 1)) * EVENTS_PER_SECOND);
        long first = (long) (warm * EVENTS_PER_SECOND);
        double interval = config.number(INTERVAL, 0);
        int parallelism = (int) config.number(PARALLELISM, 1);
        return new Job(context)
                .stateBackend(new StateBackend.LocalStateBackend(
                        folder.resolve("checkpoints").toString()))
                .checkpointIntervalSecs(interval == 0 ? TimeUnit.HOURS.toSeconds(1) : interval)
                .addStage(Stage.source("events", () -> new PacedEvents(events, KEYS, EVENTS_PER_SECOND)))
                .addStage(Stage.of("by", KeyByOperator.columns(PacedEvents.KEY)), "events")
                .addStage(Stage.operator("count", Counting::new).parallelism(parallelism), "by")
                .addStage(
                        Stage.sink("latency", () -> new Latencies(folder, first))
                                .parallelism(parallelism),
                        "count");
    }

    private static final class Counting implements KeyedOperator {
        private @Nullable ValueState<Long> count;

        @Override
        public void declare(States states) {
            count = states.value("count", Long.class);
        }

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            ValueState<Long> state = Objects.requireNonNull(count);
            Long before = state.get();
            long now = before == null ? 1 : before + 1;
            state.set(now);
            out.emit(Row.of(
                    PacedEvents.NUMBER,
                    row.getLong(PacedEvents.NUMBER),
                    PacedEvents.DUE,
                    row.getLong(PacedEvents.DUE),
                    "count",
                    now));
        }
    }

    /** Of each so many microseconds, how many events took as long. */
    static TreeMap<Long, Long> read(Path folder, int parallelism) throws IOException {
        TreeMap<Long, Long> all = new TreeMap<>();
        for (int task = 0; task < parallelism; task++) {
            for (String line : Files.readAllLines(folder.resolve("latency-" + task))) {
                String[] parts = line.split(" ", 2);
                all.merge(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long::sum);
            }
        }
        return all;
    }

    /**
     * It publishes at once, so one writer sees all events, whatever checkpoints there are, and none of what a checkpoint
     * costs is its own.
     *
     * @param first earlier events do not count
     */
    private record Latencies(Path folder, long first) implements Sink {
        @Override
        public Guarantee guarantee() {
            return Guarantee.AT_LEAST_ONCE;
        }

        @Override
        public SinkWriter open(SinkContext context) {
            return new LatencyWriter(folder.resolve("latency-" + context.taskIndex()), first);
        }

        @Override
        public void commit(List<Committable> sealed, SinkCommit which) {}

        @Override
        public void discard(List<Committable> sealed) {}
    }

    private static final class LatencyWriter implements SinkWriter {
        private static final int MOST_MICROS = 1_000_000;

        private final Path file;
        private final long first;
        private final int[] counts = new int[MOST_MICROS + 1];

        LatencyWriter(Path file, long first) {
            this.file = file;
            this.first = first;
        }

        @Override
        public void write(Batch batch) {
            long now = System.nanoTime();
            BigIntVector numbers = (BigIntVector) batch.column(PacedEvents.NUMBER);
            BigIntVector dues = (BigIntVector) batch.column(PacedEvents.DUE);
            for (int row = 0; row < batch.rowCount(); row++) {
                if (numbers.get(row) >= first) {
                    long micros = TimeUnit.NANOSECONDS.toMicros(now - dues.get(row));
                    counts[(int) Math.max(0, Math.min(MOST_MICROS, micros))]++;
                }
            }
        }

        @Override
        public String seal() throws IOException {
            StringBuilder lines = new StringBuilder();
            for (int micros = 0; micros < counts.length; micros++) {
                if (counts[micros] > 0) {
                    lines.append(micros).append(' ').append(counts[micros]).append('\n');
                }
            }
            Files.writeString(file, lines);
            return "";
        }

        @Override
        public void close() {}
    }
}
