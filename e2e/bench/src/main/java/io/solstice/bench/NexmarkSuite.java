package io.solstice.bench;

import io.solstice.bench.adclick.AdPeer;
import io.solstice.bench.engine.LimitNexmark;
import io.solstice.bench.engine.SolsticeNexmark;
import io.solstice.bench.flink.FlinkCluster;
import io.solstice.bench.flink.FlinkNexmark;
import io.solstice.bench.flink.FlinkWay;
import io.solstice.bench.jet.JetNexmark;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Folders;
import io.solstice.bench.measure.Runner;
import io.solstice.bench.nexmark.Expectation;
import io.solstice.bench.nexmark.Peer;
import io.solstice.bench.nexmark.Query;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Nexmark queries on all systems. */
final class NexmarkSuite {
    private static final long SEED = 42;
    static final int[] PARALLELISMS = {1, 2};
    /** A multiple of the batches of two tasks, so that replayed runs handle just as many. */
    static final long MILLION = 61 * 2 * 8192;

    private final BenchOptions options;
    private final Runner runner;
    private final PrintStream out;

    NexmarkSuite(BenchOptions options, Runner runner, PrintStream out) {
        this.options = options;
        this.runner = runner;
        this.out = out;
    }

    void run() throws Exception {
        Expectation expectation = new Expectation();
        Path folder = Files.createTempDirectory("solstice-bench");
        try (FlinkCluster cluster = FlinkCluster.start();
                SolsticeNexmark solstice = new SolsticeNexmark(SEED, expectation);
                LimitNexmark limit = new LimitNexmark(SEED, expectation)) {
            FlinkNexmark flink = new FlinkNexmark(cluster, FlinkWay.HEAP, SEED, expectation);
            List<Peer> peers = List.of(
                    flink,
                    new FlinkNexmark(cluster, FlinkWay.ROCKSDB, SEED, expectation),
                    new FlinkNexmark(cluster, FlinkWay.SQL, SEED, expectation),
                    new JetNexmark(SEED, expectation));
            for (Query query : Query.stateless()) {
                runner.run(options.wanted(contenders(query, solstice, peers, limit)));
            }
            runner.run(options.wanted(exchanges(solstice, flink)));
            StateContenders contenders = new StateContenders(events(1), folder, out);
            for (Query query : Query.withState()) {
                runner.run(options.wanted(contenders.of(query, solstice, peers, limit)));
            }
            if (options.wants(AdPeer.QUERY)) {
                adClicks(cluster, contenders);
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private List<Contender> contenders(Query query, SolsticeNexmark solstice, List<Peer> peers, LimitNexmark limit) {
        long generated = events(40);
        long replayed = 4 * generated;
        List<Contender> contenders = new ArrayList<>(limit.contenders(query, generated, replayed));
        for (int parallelism : PARALLELISMS) {
            for (Peer peer : peers) {
                if (peer.does(query)) {
                    contenders.add(peer.contender(query, parallelism, events(peer.millions(query))));
                }
            }
            contenders.addAll(solstice.contenders(query, parallelism, generated, replayed));
        }
        return contenders;
    }

    private void adClicks(FlinkCluster cluster, StateContenders contenders) throws Exception {
        try (AdContenders ads = new AdContenders(SEED)) {
            runner.run(
                    options.wanted(ads.all(cluster, events(1), system -> contenders.eachSecond(system, AdPeer.QUERY))));
        }
    }

    private long events(int millions) {
        return options.quick() ? millions * MILLION / 4 : millions * MILLION;
    }

    /** Flink gets fewer events here: each costs it more than a microsecond. */
    private List<Contender> exchanges(SolsticeNexmark solstice, FlinkNexmark flink) {
        List<Contender> contenders = new ArrayList<>();
        for (int parallelism : PARALLELISMS) {
            contenders.add(flink.exchange(parallelism, (options.quick() ? 1 : 4) * MILLION));
            contenders.add(solstice.exchange(parallelism, (options.quick() ? 10 : 40) * MILLION));
        }
        return contenders;
    }
}
