package io.solstice.bench;

import io.solstice.bench.engine.SolsticeKeyedCounts;
import io.solstice.bench.flink.FlinkCluster;
import io.solstice.bench.flink.FlinkKeyedCounts;
import io.solstice.bench.flink.FlinkWay;
import io.solstice.bench.keyed.KeyedCounts;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Folders;
import io.solstice.bench.measure.Percentiles;
import io.solstice.bench.measure.Runner;
import io.solstice.common.graph.StateStore;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts by key with a checkpoint each second. Flink brings a RocksDB of its own, whose classes have the names of those of
 * the other one: each system is a section with a class path that has just one of them.
 */
final class KeyedSuite {
    private static final long SEED = 42;
    private static final double INTERVAL_SECONDS = 1;
    private static final int PARALLELISM = 2;

    private final BenchOptions options;
    private final Runner runner;
    private final PrintStream out;
    private final KeyedCounts work;
    private final long million;

    /** @param million how many events are made for each million */
    KeyedSuite(BenchOptions options, Runner runner, PrintStream out, long keys, long million) {
        this.options = options;
        this.runner = runner;
        this.out = out;
        this.work = new KeyedCounts(SEED, keys);
        this.million = million;
    }

    void solstice() throws Exception {
        Path folder = Files.createTempDirectory("solstice-bench");
        try (SolsticeKeyedCounts solstice = new SolsticeKeyedCounts(work)) {
            List<Contender> contenders = new ArrayList<>();
            for (StateStore store : SolsticeKeyedCounts.stores()) {
                long events = (store == StateStore.DISK ? 2 : store == StateStore.ROCKSDB ? 8 : 16) * million;
                contenders.add(
                        solstice.contender(store, PARALLELISM, events, eachSecond(folder, "solstice " + store.word())));
            }
            runner.run(options.wanted(contenders));
        } finally {
            Folders.delete(folder);
        }
    }

    void flink() throws Exception {
        Path folder = Files.createTempDirectory("solstice-bench");
        try (FlinkCluster cluster = FlinkCluster.start(KeyedCounts.STORE_BYTES)) {
            FlinkKeyedCounts heap = new FlinkKeyedCounts(cluster, FlinkWay.HEAP, work);
            FlinkKeyedCounts rocksDb = new FlinkKeyedCounts(cluster, FlinkWay.ROCKSDB, work);
            runner.run(options.wanted(List.of(
                    heap.contender(PARALLELISM, 16 * million, eachSecond(folder, "flink-ds")),
                    rocksDb.contender(PARALLELISM, 8 * million, eachSecond(folder, "flink-rocksdb")))));
        } finally {
            Folders.delete(folder);
        }
    }

    private Checkpointing eachSecond(Path folder, String system) {
        return new Checkpointing(
                INTERVAL_SECONDS,
                folder.resolve(system.replace(' ', '-')),
                taken ->
                        out.println(Percentiles.of(taken).json(system, KeyedCounts.QUERY, CheckpointCost.EACH_SECOND)));
    }
}
