package io.solstice.bench.flink;

import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import io.solstice.bench.nexmark.Event;
import io.solstice.bench.nexmark.EventMaker;
import io.solstice.bench.nexmark.EventQueries;
import io.solstice.bench.nexmark.Expectation;
import io.solstice.bench.nexmark.Peer;
import io.solstice.bench.nexmark.Query;
import io.solstice.bench.nexmark.QueryRun;
import io.solstice.bench.nexmark.RowGenerator;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Flink in this process, in one of its ways. */
public final class FlinkNexmark implements Peer {
    private static final EventMaker<Event> MAKER = new RowGenerator.Maker();

    private final FlinkCluster cluster;
    private final FlinkWay way;
    private final long seed;
    private final Expectation expectation;

    public FlinkNexmark(FlinkCluster cluster, FlinkWay way, long seed, Expectation expectation) {
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
    public boolean does(Query query) {
        return way.does(query);
    }

    @Override
    public int millions(Query query) {
        return way.millions(query);
    }

    @Override
    public Contender contender(Query query, int parallelism, long events) {
        return new Contender(
                way.system(),
                query.toString(),
                way.variant(),
                parallelism,
                events,
                meter -> run(query, false, parallelism, events, meter));
    }

    public Contender exchange(int parallelism, long events) {
        return new Contender(
                way.system(),
                "q0-exchange",
                "exchange",
                parallelism,
                events,
                meter -> run(Query.Q0, true, parallelism, events, meter));
    }

    /** Measured to the end of its input: the last checkpoint, which its jobs wait for, is taken a second later. */
    @Override
    public Contender checkpointed(
            Query query, String variant, int parallelism, long events, Checkpointing checkpoints) {
        return new Contender(way.system(), query.toString(), variant, parallelism, events, meter -> {
            StreamExecutionEnvironment environment = way.environment(parallelism);
            if (checkpoints.isOn()) {
                FlinkCluster.takeCheckpoints(environment, checkpoints.seconds(), checkpoints.folder());
            }
            checkpoints.taken().accept(run(environment, query, false, events, meter));
        });
    }

    private void run(Query query, boolean exchange, int parallelism, long events, Meter meter) throws Exception {
        run(way.environment(parallelism), query, exchange, events, meter);
        meter.end();
    }

    private List<Long> run(
            StreamExecutionEnvironment environment, Query query, boolean exchange, long events, Meter meter)
            throws Exception {
        try (QueryRun run = new QueryRun(meter)) {
            DataStream<Event> source = environment.fromSource(
                    new EventSource<>(run.id(), seed, events, MAKER),
                    query.hasWindows() ? FlinkCluster.watermarks(MAKER) : WatermarkStrategy.noWatermarks(),
                    "events",
                    TypeInformation.of(Event.class));
            if (way == FlinkWay.SQL) {
                FlinkSql.build(environment, query, source, run.id());
            } else {
                build(query, exchange, source, run.id());
            }
            List<Long> checkpoints = cluster.execute(environment);
            expectation.check(query, seed, events, environment.getParallelism(), false, run.result());
            return checkpoints;
        }
    }

    private static void build(Query query, boolean exchange, DataStream<Event> source, long run) {
        switch (query) {
            case Q0 -> {
                DataStream<Event> same = source.map(event -> event).returns(Event.class);
                (exchange ? same.rebalance() : same).sinkTo(new ChecksumSink<>(run, Event::checksum));
            }
            case Q1 ->
                source.filter(EventQueries::isBid)
                        .map(EventQueries::bidInEuros)
                        .returns(Event.BidInEuros.class)
                        .sinkTo(new ChecksumSink<Event.BidInEuros>(run, Event::checksum));
            case Q2 ->
                source.filter(EventQueries::isOnSomeAuction)
                        .map(EventQueries::auctionAndPrice)
                        .returns(Event.AuctionAndPrice.class)
                        .sinkTo(new ChecksumSink<Event.AuctionAndPrice>(run, Event::checksum));
            case Q3, Q8 -> FlinkJoins.build(query, source, run);
            case Q5, Q7, Q11 -> FlinkWindows.build(query, source, run);
        }
    }
}
