package io.solstice.bench.skew;

import io.solstice.api.Job;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import io.solstice.bench.measure.Report;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Counts and sums by key and window: keys that are all alike, and one key with nine of ten rows. */
public final class SkewSuite implements AutoCloseable {
    private static final String UNIFORM = "uniform";
    private static final String HOT = "hot";
    private static final String PLAIN = "-plain";
    private static final int TASKS = 2;
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final BufferAllocator memory = new RootAllocator();
    private final Solstice engine = Solstice.embedded();
    private final KeyedRows uniform = new KeyedRows(0, memory);
    private final KeyedRows hot = new KeyedRows(90, memory);
    private final long rows;

    public SkewSuite(long rows) {
        this.rows = KeyedRows.whole(rows, TASKS);
    }

    /** Each as it is, and without aggregation before the exchange. */
    public List<Contender> all() {
        return List.of(
                contender(UNIFORM, uniform, true),
                contender(HOT, hot, true),
                contender(UNIFORM + PLAIN, uniform, false),
                contender(HOT + PLAIN, hot, false));
    }

    private Contender contender(String variant, KeyedRows input, boolean preAggregate) {
        return new Contender("solstice", "skew", variant, TASKS, rows, meter -> run(input, preAggregate, meter));
    }

    private void run(KeyedRows input, boolean preAggregate, Meter meter) throws InterruptedException {
        AtomicLong found = new AtomicLong();
        AggregateOperator aggregate = AggregateOperator.by(KeyedRows.KEY)
                .window(Windows.tumbling(WINDOW))
                .aggregate(
                        Aggregates.count().as("n"),
                        Aggregates.sum(KeyedRows.PRICE).as("sum"))
                .preAggregate(preAggregate);
        Job job = new Job("skew")
                .addStage(Stage.source("rows", () -> input.source(rows, TASKS, meter::begin))
                        .watermarks(Watermarks.of(KeyedRows.TIME).delay(Duration.ZERO))
                        .parallelism(TASKS))
                .addStage(Stage.of("sums", aggregate).parallelism(TASKS), "rows")
                .addStage(
                        Stage.sink("total", () -> new SumSink(List.of("n", "sum"), found::addAndGet))
                                .parallelism(TASKS),
                        "sums");
        engine.submit(job).await();
        meter.end();
        long expected = rows + input.sum(rows, TASKS);
        if (found.get() != expected) {
            throw new IllegalStateException("found " + found.get() + ", expected " + expected);
        }
    }

    /** What the skew costs, with and without, and what it costs to try where there is none. */
    public static void print(Report report, PrintStream out) {
        report.printCost(out, HOT, UNIFORM);
        report.printCost(out, HOT + PLAIN, UNIFORM + PLAIN);
        report.printCost(out, UNIFORM, UNIFORM + PLAIN);
    }

    @Override
    public void close() {
        engine.close();
        uniform.close();
        hot.close();
        memory.close();
    }
}
