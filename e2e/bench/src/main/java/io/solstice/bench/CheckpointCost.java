package io.solstice.bench;

import io.solstice.bench.engine.SolsticeNexmark;
import io.solstice.bench.flink.FlinkCluster;
import io.solstice.bench.flink.FlinkNexmark;
import io.solstice.bench.flink.FlinkWay;
import io.solstice.bench.jet.JetNexmark;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Folders;
import io.solstice.bench.measure.Meter;
import io.solstice.bench.measure.Percentiles;
import io.solstice.bench.measure.Report;
import io.solstice.bench.measure.Runner;
import io.solstice.bench.nexmark.Expectation;
import io.solstice.bench.nexmark.Peer;
import io.solstice.bench.nexmark.Query;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What checkpoints each second cost Nexmark queries: each system with them and without, by turns. A job must last for
 * some checkpoints, so a first run shows how many events that takes.
 */
final class CheckpointCost {
    private static final long SEED = 42;
    private static final int PARALLELISM = 2;
    private static final double INTERVAL_SECONDS = 1;
    private static final String NONE = "none";
    static final String EACH_SECOND = "each-1s";
    /** A machine that is busy with other things may skip one now and then. */
    private static final double LEAST_PART = 0.7;

    private static final int WARM_RUNS = 4;
    private static final long WARM_EVENTS = 30_000_000;
    private static final long MILLION = 1_000_000;

    private final BenchOptions options;
    private final int leastCheckpoints;
    private final PrintStream out;
    private final Report report = new Report();
    private final Map<String, List<Percentiles>> runs = new LinkedHashMap<>();

    /** Makes a contender of a number of events. */
    private interface Contenders {
        Contender of(String variant, long events, Checkpointing checkpoints);
    }

    CheckpointCost(BenchOptions options, PrintStream out) {
        this.options = options;
        this.leastCheckpoints = options.quick() ? 3 : 10;
        this.out = out;
    }

    void run() throws Exception {
        Expectation expectation = new Expectation();
        Path folder = Files.createTempDirectory("solstice-bench");
        try (FlinkCluster cluster = FlinkCluster.start();
                SolsticeNexmark solstice = new SolsticeNexmark(SEED, expectation)) {
            List<Peer> peers = List.of(
                    new FlinkNexmark(cluster, FlinkWay.HEAP, SEED, expectation), new JetNexmark(SEED, expectation));
            for (Query query : Query.stateless()) {
                List<Contender> contenders = new ArrayList<>();
                contenders.addAll(wanted(
                        query,
                        "solstice",
                        folder,
                        (variant, events, checkpoints) ->
                                solstice.checkpointed(query, variant, PARALLELISM, events, checkpoints)));
                for (Peer peer : peers) {
                    contenders.addAll(wanted(
                            query,
                            peer.system(),
                            folder,
                            (variant, events, checkpoints) ->
                                    peer.checkpointed(query, variant, PARALLELISM, events, checkpoints)));
                }
                new Runner(options.quick() ? 2 : 5, out, report).run(contenders);
            }
        } finally {
            Folders.delete(folder);
        }
        report.print(out);
        report.printCost(out, EACH_SECOND, NONE);
        printTimes();
    }

    private List<Contender> wanted(Query query, String system, Path folder, Contenders contenders) throws Exception {
        if (!options.wantsVariant(query.toString()) || !options.wantsSystem(system)) {
            return List.of();
        }
        Path own = Files.createDirectories(folder.resolve(system));
        Checkpointing none = new Checkpointing(0, own, taken -> {});
        long events = lasting(contenders, none);
        Checkpointing eachSecond =
                new Checkpointing(INTERVAL_SECONDS, own, taken -> note(query.toString(), system, taken));
        return List.of(contenders.of(NONE, events, none), contenders.of(EACH_SECOND, events, eachSecond));
    }

    /** How many events last for the checkpoints that are wanted, and some more. */
    private long lasting(Contenders contenders, Checkpointing none) throws Exception {
        double rate = 0;
        for (int i = 0; i < WARM_RUNS; i++) {
            Meter meter = new Meter();
            contenders.of(NONE, WARM_EVENTS, none).work().run(meter);
            rate = Math.max(rate, WARM_EVENTS / meter.seconds());
        }
        double seconds = (leastCheckpoints / LEAST_PART + 1) * INTERVAL_SECONDS;
        return Math.max(1, Math.round(rate * seconds / MILLION)) * MILLION;
    }

    /** The run that warms up does not count. */
    private void note(String query, String system, List<Long> taken) {
        if (taken.size() < leastCheckpoints) {
            throw new IllegalStateException(
                    "only " + taken.size() + " checkpoints were completed, expected " + leastCheckpoints);
        }
        String name = query + " " + system;
        List<Percentiles> known = runs.computeIfAbsent(name, first -> new ArrayList<>());
        Percentiles now = Percentiles.of(taken);
        known.add(now);
        if (known.size() > 1) {
            out.println(now.json(system, query, EACH_SECOND));
        }
    }

    private void printTimes() {
        out.printf("%-16s %-10s %6s %8s %8s %8s%n", "checkpoints of", "", "count", "p50 ms", "p99 ms", "max ms");
        runs.forEach((name, known) -> {
            Percentiles all = Percentiles.of(
                    known.stream().skip(1).flatMap(run -> run.sorted().stream()).toList());
            String[] words = name.split(" ");
            out.printf(
                    "%-16s %-10s %6d %8d %8d %8d%n",
                    words[0], words[1], all.count(), all.at(50), all.at(99), all.at(100));
        });
    }
}
