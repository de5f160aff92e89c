package io.solstice.bench;

import io.solstice.bench.cluster.CheckpointTime;
import io.solstice.bench.cluster.ClusterNexmark;
import io.solstice.bench.cluster.ClusterSuite;
import io.solstice.bench.cluster.Latency;
import io.solstice.bench.cluster.StateMove;
import io.solstice.bench.engine.AllocationSuite;
import io.solstice.bench.exchange.ExchangeSuite;
import io.solstice.bench.files.FileContenders;
import io.solstice.bench.measure.Report;
import io.solstice.bench.measure.Runner;
import io.solstice.bench.skew.SkewSuite;
import io.solstice.bench.startup.StartupSuite;
import io.solstice.bench.state.StateSuite;
import io.solstice.bench.window.AggregateSuite;
import io.solstice.bench.window.LargeJoins;
import io.solstice.bench.window.LargeWindows;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** The program behind {@code bin/bench}, which calls it once for each section: each wants a heap of its own size. */
public final class Bench {
    private static final long MILLION = 1_000_000;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("bench: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        Report report = new Report();
        Runner runner = new Runner(options.rounds(), System.out, report);
        switch (options.section()) {
            case NEXMARK -> new NexmarkSuite(options, runner, System.out).run();
            case AGGREGATE -> aggregate(options, runner);
            case LARGE -> large(options, runner);
            case SKEW -> skew(options, runner);
            case FILES -> files(options, runner);
            case STARTUP -> startup(options);
            case EXCHANGE -> exchange(options);
            case CLUSTER -> cluster(options);
            case CHECKPOINT -> new CheckpointCost(options, System.out).run();
            case KEYED -> keyed(options, runner).solstice();
            case KEYED_FLINK -> keyed(options, runner).flink();
            case STATE -> new StateSuite((options.quick() ? 2 : 8) * MILLION, options.rounds(), System.out).run();
        }
        report.print(System.out);
        if (options.section() == Section.SKEW) {
            SkewSuite.print(report, System.out);
        }
        // Systems under test may leave threads behind; the figures are out.
        System.exit(0);
    }

    private static KeyedSuite keyed(BenchOptions options, Runner runner) {
        long million = options.quick() ? MILLION / 4 : MILLION;
        return new KeyedSuite(options, runner, System.out, 2 * million, million);
    }

    private static void files(BenchOptions options, Runner runner) throws Exception {
        try (FileContenders contenders = new FileContenders(options.quick() ? MILLION : 10 * MILLION)) {
            runner.run(options.wanted(contenders.all()));
        }
    }

    private static void aggregate(BenchOptions options, Runner runner) throws Exception {
        try (AggregateSuite suite = new AggregateSuite(options.quick() ? 2 * MILLION : 4 * MILLION)) {
            runner.run(options.wanted(suite.all()));
        }
    }

    private static void large(BenchOptions options, Runner runner) throws Exception {
        try (LargeWindows suite = new LargeWindows(options.quick() ? 8 * MILLION : 16 * MILLION)) {
            runner.run(options.wanted(suite.all()));
        }
        try (LargeJoins suite = new LargeJoins(options.quick() ? 8 * MILLION : 16 * MILLION)) {
            runner.run(options.wanted(suite.all()));
        }
    }

    private static void skew(BenchOptions options, Runner runner) throws Exception {
        try (SkewSuite suite = new SkewSuite(options.quick() ? 20 * MILLION : 100 * MILLION)) {
            runner.run(options.wanted(suite.all()));
        }
    }

    private static void exchange(BenchOptions options) throws Exception {
        long bytes = options.quick() ? 500 * MILLION : 1500 * MILLION;
        new ExchangeSuite(options.rounds(), bytes, options::wantsSystem, System.out).run(options::wantsVariant);
    }

    private static void cluster(BenchOptions options) throws Exception {
        Path home = Path.of(Objects.requireNonNull(System.getenv("SOLSTICE_HOME"), "SOLSTICE_HOME is not set"));
        if (options.wants("cluster")) {
            new ClusterSuite(home, options.rounds(), System.out).run();
        }
        if (options.wants("q-cluster")) {
            new ClusterNexmark(home, options.rounds(), options.quick(), System.out).run(options::wantsVariant);
        }
        if (options.wants("latency")) {
            new Latency(home, options.rounds(), options.quick(), options::wantsSystem, System.out)
                    .run(options::wantsVariant);
        }
        if (options.wants("state-move")) {
            new StateMove(home, (options.quick() ? 2 : 8) * MILLION, options.quick() ? 2 : 5, System.out).run();
        }
        if (options.wants("checkpoint-time")) {
            new CheckpointTime(home, options.quick(), options::wantsSystem, System.out).run(options::wantsVariant);
        }
    }

    private static void startup(BenchOptions options) throws Exception {
        if (options.wants("allocation")) {
            new AllocationSuite(options.quick() ? 40 * MILLION : 200 * MILLION, System.out).run();
        }
        if (options.wants("startup")) {
            new StartupSuite(options.rounds(), System.out)
                    .run(Stream.of("solstice", "flink-ds")
                            .filter(options::wantsSystem)
                            .toList());
        }
    }
}
