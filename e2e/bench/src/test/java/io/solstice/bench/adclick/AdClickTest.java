package io.solstice.bench.adclick;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.bench.engine.SolsticeAds;
import io.solstice.bench.flink.FlinkAds;
import io.solstice.bench.flink.FlinkCluster;
import io.solstice.bench.flink.FlinkWay;
import io.solstice.bench.jet.JetAds;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.exchange.batch.Batch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.TimeStampVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdClickTest {
    private static final long SEED = 42;
    /** More than a window, the last one not whole. */
    private static final long EVENTS = 1_234_567;
    /** Part of a window. */
    private static final long FEW_EVENTS = 54_321;

    private final BufferAllocator allocator = new RootAllocator();
    private final AdExpectation expectation = new AdExpectation();

    @TempDir
    Path folder;

    @AfterEach
    void everythingIsGivenBack() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    @Test
    void columnsAndObjectsHoldTheSameEvents() {
        LongFunction<AdEvent> objects = new AdEvent.Maker().with(SEED);
        EventRange range = EventRange.of(SEED, 20_000, 1, 2);
        try (AdBatches batches = new AdBatches(allocator, range);
                Batch batch = batches.make(0, (int) range.rows())) {
            for (int row = 0; row < batch.rowCount(); row++) {
                AdEvent event = objects.apply(range.event(row));
                assertThat(text(batch, "user_id", row)).isEqualTo(event.userId);
                assertThat(text(batch, "page_id", row)).isEqualTo(event.pageId);
                assertThat(text(batch, AdBatches.AD, row)).isEqualTo(event.adId);
                assertThat(text(batch, "ad_type", row)).isEqualTo(event.adType);
                assertThat(text(batch, AdBatches.EVENT_TYPE, row)).isEqualTo(event.eventType);
                assertThat(text(batch, "ip_address", row)).isEqualTo(event.ipAddress);
                assertThat(((TimeStampVector) batch.column(AdBatches.TIME)).get(row))
                        .isEqualTo(event.eventTime);
            }
        }
    }

    private static String text(Batch batch, String column, int row) {
        return String.valueOf(batch.column(column).getObject(row));
    }

    @Test
    void theLoopCountsTheViewsOfEachCampaign() {
        Map<String, String> campaigns = Ads.campaigns();
        assertThat(campaigns).hasSize(1_000);
        assertThat(campaigns.values().stream().distinct()).hasSize(100);
        LongFunction<AdEvent> events = new AdEvent.Maker().with(SEED);
        Map<Long, Map<String, Long>> windows = new HashMap<>();
        for (long n = 0; n < EVENTS; n++) {
            AdEvent event = events.apply(n);
            if (event.eventType.equals("view")) {
                windows.computeIfAbsent(event.eventTime / 10_000_000, first -> new HashMap<>())
                        .merge(String.valueOf(campaigns.get(event.adId)), 1L, Long::sum);
            }
        }
        Checksum expected = Checksum.NONE;
        for (Map.Entry<Long, Map<String, Long>> window : windows.entrySet()) {
            for (Map.Entry<String, Long> count : window.getValue().entrySet()) {
                AdEvent.Views views = new AdEvent.Views();
                views.campaign = count.getKey();
                views.end = (window.getKey() + 1) * 10_000;
                views.views = count.getValue();
                expected = expected.plus(new Checksum(1, AdEvent.checksum(views)));
            }
        }
        assertThat(expected.rows()).isEqualTo(200);
        assertThat(AdLoop.generate(allocator, EventRange.of(SEED, EVENTS, 0, 1), () -> {}))
                .isEqualTo(expected);
    }

    @Test
    void solsticeComesToTheSame() throws Exception {
        try (SolsticeAds solstice = new SolsticeAds(SEED, expectation)) {
            run(solstice.contender(1, EVENTS));
            run(solstice.contender(2, EVENTS));
            run(solstice.checkpointed("often", 2, EVENTS, new Checkpointing(0.05, folder, taken -> {})));
        }
    }

    @Test
    void flinkComesToTheSame() throws Exception {
        try (FlinkCluster cluster = FlinkCluster.start()) {
            comesToTheSame(new FlinkAds(cluster, FlinkWay.HEAP, SEED, expectation), EVENTS);
            comesToTheSame(new FlinkAds(cluster, FlinkWay.ROCKSDB, SEED, expectation), FEW_EVENTS);
            comesToTheSame(new FlinkAds(cluster, FlinkWay.SQL, SEED, expectation), EVENTS);
        }
    }

    @Test
    void jetComesToTheSame() throws Exception {
        comesToTheSame(new JetAds(SEED, expectation), EVENTS);
    }

    private void comesToTheSame(AdPeer peer, long events) throws Exception {
        run(peer.contender(1, FEW_EVENTS));
        List<Long> taken = new ArrayList<>();
        run(peer.checkpointed("often", 2, events, new Checkpointing(0.05, folder, taken::addAll)));
        assertThat(taken).isNotEmpty();
    }

    private static void run(Contender contender) throws Exception {
        Meter meter = new Meter();
        contender.work().run(meter);
        assertThat(meter.seconds()).isPositive();
    }
}
