package io.solstice.bench;

import io.solstice.bench.adclick.AdExpectation;
import io.solstice.bench.adclick.AdPeer;
import io.solstice.bench.engine.LimitAds;
import io.solstice.bench.engine.SolsticeAds;
import io.solstice.bench.flink.FlinkAds;
import io.solstice.bench.flink.FlinkCluster;
import io.solstice.bench.flink.FlinkWay;
import io.solstice.bench.jet.JetAds;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Who does the ad-click count, without checkpoints and with one each second. */
final class AdContenders implements AutoCloseable {
    private static final int LIMIT_MILLIONS = 40;

    private final AdExpectation expectation = new AdExpectation();
    private final long seed;
    private final SolsticeAds solstice;

    AdContenders(long seed) {
        this.seed = seed;
        this.solstice = new SolsticeAds(seed, expectation);
    }

    /**
     * @param million how many events are made for each million that a system wants
     * @param eachSecond checkpoints of a system
     */
    List<Contender> all(FlinkCluster cluster, long million, Function<String, Checkpointing> eachSecond) {
        List<AdPeer> systems = List.of(
                new FlinkAds(cluster, FlinkWay.HEAP, seed, expectation),
                new FlinkAds(cluster, FlinkWay.ROCKSDB, seed, expectation),
                new FlinkAds(cluster, FlinkWay.SQL, seed, expectation),
                new JetAds(seed, expectation),
                solstice);
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new LimitAds(seed, expectation).contender(LIMIT_MILLIONS * million));
        for (int parallelism : NexmarkSuite.PARALLELISMS) {
            for (AdPeer system : systems) {
                long events = system.millions() * million;
                contenders.add(system.contender(parallelism, events));
                contenders.add(system.checkpointed(
                        CheckpointCost.EACH_SECOND, parallelism, events, eachSecond.apply(system.system())));
            }
        }
        return contenders;
    }

    @Override
    public void close() {
        solstice.close();
    }
}
