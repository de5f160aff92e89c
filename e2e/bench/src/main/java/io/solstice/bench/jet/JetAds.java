package io.solstice.bench.jet;

import com.hazelcast.jet.aggregate.AggregateOperations;
import com.hazelcast.jet.datamodel.KeyedWindowResult;
import com.hazelcast.jet.pipeline.Pipeline;
import com.hazelcast.jet.pipeline.ServiceFactories;
import com.hazelcast.jet.pipeline.ServiceFactory;
import com.hazelcast.jet.pipeline.WindowDefinition;
import io.solstice.bench.adclick.AdEvent;
import io.solstice.bench.adclick.AdExpectation;
import io.solstice.bench.adclick.AdPeer;
import io.solstice.bench.adclick.Ads;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import io.solstice.bench.nexmark.EventMaker;
import io.solstice.bench.nexmark.QueryRun;
import java.util.List;
import java.util.Map;

/** The ad-click count on Hazelcast Jet: all tasks share the table as a map. */
public final class JetAds implements AdPeer {
    private static final int MILLIONS = 40;
    private static final EventMaker<AdEvent> MAKER = new AdEvent.Maker();

    private final long seed;
    private final AdExpectation expectation;

    public JetAds(long seed, AdExpectation expectation) {
        this.seed = seed;
        this.expectation = expectation;
    }

    @Override
    public String system() {
        return JetNexmark.SYSTEM;
    }

    @Override
    public int millions() {
        return MILLIONS;
    }

    @Override
    public Contender contender(int parallelism, long events) {
        return new Contender(
                system(),
                QUERY,
                JetNexmark.VARIANT,
                parallelism,
                events,
                meter -> run(parallelism, events, JetNexmark.NONE, meter));
    }

    @Override
    public Contender checkpointed(String variant, int parallelism, long events, Checkpointing checkpoints) {
        return new Contender(
                system(),
                QUERY,
                variant,
                parallelism,
                events,
                meter -> checkpoints.taken().accept(run(parallelism, events, checkpoints, meter)));
    }

    private List<Long> run(int parallelism, long events, Checkpointing checkpoints, Meter meter) {
        try (JetMember member = JetMember.start(parallelism);
                QueryRun run = new QueryRun(meter)) {
            Pipeline pipeline = Pipeline.create();
            ServiceFactory<?, Map<String, String>> campaigns =
                    ServiceFactories.sharedService(context -> Ads.campaigns());
            EventSource.timed(pipeline, run.id(), seed, events, MAKER, parallelism)
                    .filter(AdEvent::isView)
                    .mapUsingService(campaigns, (table, event) -> table.get(event.adId))
                    .groupingKey(campaign -> campaign)
                    .window(WindowDefinition.tumbling(Ads.WINDOW.toMillis()))
                    .aggregate(AggregateOperations.counting())
                    .map(JetAds::views)
                    .writeTo(ChecksumSink.of(run.id(), AdEvent::checksum));
            member.execute(pipeline, checkpoints);
            meter.end();
            expectation.check(seed, events, run.result());
            return run.checkpointMillis();
        }
    }

    private static AdEvent.Views views(KeyedWindowResult<String, Long> counted) {
        AdEvent.Views views = new AdEvent.Views();
        views.campaign = counted.key();
        views.end = counted.end();
        views.views = counted.result();
        return views;
    }
}
