package io.solstice.bench.flink;

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
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** The ad-click count on Flink: each task has the table as a map, and just the campaign goes to the next one. */
public final class FlinkAds implements AdPeer {
    private static final EventMaker<AdEvent> MAKER = new AdEvent.Maker();
    private static final TypeInformation<AdEvent.Views> VIEWS = TypeInformation.of(AdEvent.Views.class);

    private final FlinkCluster cluster;
    private final FlinkWay way;
    private final long seed;
    private final AdExpectation expectation;

    public FlinkAds(FlinkCluster cluster, FlinkWay way, long seed, AdExpectation expectation) {
        this.cluster = cluster;
        this.way = way;
        this.seed = seed;
        this.expectation = expectation;
    }

    @Override
    public String system() {
        return way.system();
    }

    @Override
    public int millions() {
        return switch (way) {
            case HEAP -> 40;
            case ROCKSDB -> 4;
            case SQL -> 20;
        };
    }

    @Override
    public Contender contender(int parallelism, long events) {
        return new Contender(system(), QUERY, way.variant(), parallelism, events, meter -> {
            run(way.environment(parallelism), events, meter);
            meter.end();
        });
    }

    @Override
    public Contender checkpointed(String variant, int parallelism, long events, Checkpointing checkpoints) {
        return new Contender(system(), QUERY, variant, parallelism, events, meter -> {
            StreamExecutionEnvironment environment = way.environment(parallelism);
            FlinkCluster.takeCheckpoints(environment, checkpoints.seconds(), checkpoints.folder());
            checkpoints.taken().accept(run(environment, events, meter));
        });
    }

    private List<Long> run(StreamExecutionEnvironment environment, long events, Meter meter) throws Exception {
        try (QueryRun run = new QueryRun(meter)) {
            DataStream<AdEvent> source = environment.fromSource(
                    new EventSource<>(run.id(), seed, events, MAKER),
                    FlinkCluster.watermarks(MAKER),
                    "events",
                    TypeInformation.of(AdEvent.class));
            if (way == FlinkWay.SQL) {
                AdSql.build(environment, source, run.id());
            } else {
                build(source, run.id());
            }
            List<Long> checkpoints = cluster.execute(environment);
            expectation.check(seed, events, run.result());
            return checkpoints;
        }
    }

    private static void build(DataStream<AdEvent> source, long run) {
        source.filter(AdEvent::isView)
                .map(new CampaignOfAd())
                .returns(Types.STRING)
                .keyBy(campaign -> campaign, Types.STRING)
                .window(TumblingEventTimeWindows.of(Ads.WINDOW))
                .aggregate(new Count<>(), new ViewsOf(), Types.LONG, VIEWS)
                .sinkTo(new ChecksumSink<AdEvent.Views>(run, AdEvent::checksum));
    }

    private static final class CampaignOfAd extends RichMapFunction<AdEvent, String> {
        private static final long serialVersionUID = 1;

        private transient Map<String, String> campaigns = Map.of();

        @Override
        public void open(OpenContext context) {
            campaigns = Ads.campaigns();
        }

        @Override
        public String map(AdEvent event) {
            String campaign = campaigns.get(event.adId);
            if (campaign == null) {
                throw new IllegalArgumentException("there is no ad " + event.adId);
            }
            return campaign;
        }
    }

    private static final class ViewsOf implements WindowFunction<Long, AdEvent.Views, String, TimeWindow> {
        private static final long serialVersionUID = 1;

        @Override
        public void apply(String campaign, TimeWindow window, Iterable<Long> counts, Collector<AdEvent.Views> out) {
            AdEvent.Views views = new AdEvent.Views();
            views.campaign = campaign;
            views.end = window.getEnd();
            views.views = counts.iterator().next();
            out.collect(views);
        }
    }
}
