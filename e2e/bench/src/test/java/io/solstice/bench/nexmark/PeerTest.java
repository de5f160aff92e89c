package io.solstice.bench.nexmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.bench.flink.FlinkCluster;
import io.solstice.bench.flink.FlinkNexmark;
import io.solstice.bench.flink.FlinkWay;
import io.solstice.bench.jet.JetNexmark;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** That the other systems answer the same questions. A contender fails if its result is another than the loop's. */
class PeerTest {
    private static final long SEED = 42;
    /** More than a window, the last one not whole. */
    private static final long MANY_EVENTS = 1_234_567;
    /** More than a slide. */
    private static final long EVENTS = 234_567;
    /** Part of a slide. */
    private static final long FEW_EVENTS = 54_321;

    private static FlinkCluster flink;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        flink = FlinkCluster.start();
    }

    @AfterAll
    static void end() throws Exception {
        flink.close();
    }

    @ParameterizedTest
    @EnumSource(Query.class)
    void jetComesToTheSame(Query query) throws Exception {
        comesToTheSame(new JetNexmark(SEED, new Expectation()), query, MANY_EVENTS);
    }

    @ParameterizedTest
    @EnumSource(Query.class)
    void flinkComesToTheSame(Query query) throws Exception {
        comesToTheSame(new FlinkNexmark(flink, FlinkWay.HEAP, SEED, new Expectation()), query, EVENTS);
    }

    @ParameterizedTest
    @MethodSource("io.solstice.bench.nexmark.Query#withState")
    void flinkWithRocksDbComesToTheSame(Query query) throws Exception {
        comesToTheSame(new FlinkNexmark(flink, FlinkWay.ROCKSDB, SEED, new Expectation()), query, FEW_EVENTS);
    }

    @ParameterizedTest
    @EnumSource(Query.class)
    void flinkSqlComesToTheSame(Query query) throws Exception {
        comesToTheSame(new FlinkNexmark(flink, FlinkWay.SQL, SEED, new Expectation()), query, EVENTS);
    }

    private void comesToTheSame(Peer peer, Query query, long events) throws Exception {
        run(peer.contender(query, 1, FEW_EVENTS));
        List<Long> taken = new ArrayList<>();
        run(peer.checkpointed(query, "often", 2, events, new Checkpointing(0.05, folder, taken::addAll)));
        assertThat(taken).isNotEmpty();
    }

    private static void run(Contender contender) throws Exception {
        Meter meter = new Meter();
        contender.work().run(meter);
        assertThat(meter.seconds()).isPositive();
    }
}
