package io.solstice.bench.engine;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.bench.adclick.AdBatches;
import io.solstice.bench.adclick.AdExpectation;
import io.solstice.bench.adclick.AdPeer;
import io.solstice.bench.adclick.AdTable;
import io.solstice.bench.adclick.Ads;
import io.solstice.bench.adclick.CampaignChecksum;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import io.solstice.bench.nexmark.Tally;
import java.time.Duration;

/** The ad-click count on Solstice: expressions, and a join that looks campaigns up in a table that every task has. */
public final class SolsticeAds implements AdPeer, AutoCloseable {
    private static final int MILLIONS = 40;
    private static final Duration LOOKS = Duration.ofMillis(50);

    private final Solstice engine = Solstice.embedded();
    private final long seed;
    private final AdExpectation expectation;

    public SolsticeAds(long seed, AdExpectation expectation) {
        this.seed = seed;
        this.expectation = expectation;
    }

    @Override
    public String system() {
        return "solstice";
    }

    @Override
    public int millions() {
        return MILLIONS;
    }

    @Override
    public Contender contender(int parallelism, long events) {
        return new Contender(system(), QUERY, Variant.EXPR.toString(), parallelism, events, meter -> {
            Tally result = new Tally();
            engine.submit(job(parallelism, events, meter, result)).await();
            meter.end();
            expectation.check(seed, events, result.total());
        });
    }

    @Override
    public Contender checkpointed(String variant, int parallelism, long events, Checkpointing checkpoints) {
        return new Contender(system(), QUERY, variant, parallelism, events, meter -> {
            Tally result = new Tally();
            Job job = job(parallelism, events, meter, result)
                    .stateBackend(new StateBackend.LocalStateBackend(
                            checkpoints.folder().toString()))
                    .checkpointIntervalSecs(checkpoints.seconds());
            JobHandle handle = engine.submit(job);
            CheckpointWatch watch = new CheckpointWatch(handle, LOOKS);
            handle.await();
            meter.end();
            checkpoints.taken().accept(watch.end());
            expectation.check(seed, events, result.total());
        });
    }

    private MadeEvents source(long events, int parallelism, Meter meter) {
        return new MadeEvents(AdBatches.schema(), AdBatches::new, seed, events, parallelism, meter::begin);
    }

    private Job job(int parallelism, long events, Meter meter, Tally result) {
        Stage source = Stage.source("events", () -> source(events, parallelism, meter))
                .watermarks(Watermarks.of(AdBatches.TIME).delay(Duration.ZERO));
        FilterOperator views = FilterOperator.where(col(AdBatches.EVENT_TYPE).eq(Ads.VIEW));
        MapOperator seen = MapOperator.select(col(AdBatches.AD), col(AdBatches.TIME));
        JoinOperator campaigns =
                JoinOperator.inner("seen", "ads").on(AdBatches.AD).lookup();
        AggregateOperator counts = AggregateOperator.by(AdTable.CAMPAIGN)
                .window(Windows.tumbling(Ads.WINDOW))
                .time(AdBatches.TIME)
                .aggregate(Aggregates.count().as(CampaignChecksum.VIEWS));
        return new Job(QUERY)
                .addStage(source.parallelism(parallelism))
                .addStage(Stage.of("views", views).parallelism(parallelism), "events")
                .addStage(Stage.of("seen", seen).parallelism(parallelism), "views")
                .addStage(Stage.source("ads", AdTableSource::new))
                .addStage(Stage.of("campaigns", campaigns).parallelism(parallelism), "seen", "ads")
                .addStage(Stage.of("counts", counts).parallelism(parallelism), "campaigns")
                .addStage(
                        Stage.sink("checksum", () -> new ChecksumSink(CampaignChecksum::new, result::add))
                                .parallelism(parallelism),
                        "counts");
    }

    @Override
    public void close() {
        engine.close();
    }
}
