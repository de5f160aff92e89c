package io.solstice.bench.jet;

import com.hazelcast.jet.pipeline.Pipeline;
import com.hazelcast.jet.pipeline.StreamStage;
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
import java.nio.file.Path;
import java.util.List;

/**
 * Hazelcast Jet in this process: as many threads as tasks. Its snapshots are kept in the memory of the member and lost
 * with it, unlike the checkpoints of the others.
 */
public final class JetNexmark implements Peer {
    static final String SYSTEM = "jet";
    static final String VARIANT = "pipeline";
    private static final EventMaker<Event> MAKER = new RowGenerator.Maker();
    static final Checkpointing NONE = new Checkpointing(0, Path.of("."), taken -> {});

    private final long seed;
    private final Expectation expectation;

    public JetNexmark(long seed, Expectation expectation) {
        this.seed = seed;
        this.expectation = expectation;
    }

    @Override
    public String system() {
        return SYSTEM;
    }

    @Override
    public boolean does(Query query) {
        return true;
    }

    @Override
    public int millions(Query query) {
        return query == Query.Q5 || query == Query.Q11 ? 20 : 40;
    }

    @Override
    public Contender contender(Query query, int parallelism, long events) {
        return new Contender(
                SYSTEM,
                query.toString(),
                VARIANT,
                parallelism,
                events,
                meter -> run(query, parallelism, events, NONE, meter));
    }

    @Override
    public Contender checkpointed(
            Query query, String variant, int parallelism, long events, Checkpointing checkpoints) {
        return new Contender(SYSTEM, query.toString(), variant, parallelism, events, meter -> {
            checkpoints.taken().accept(run(query, parallelism, events, checkpoints, meter));
        });
    }

    private List<Long> run(Query query, int parallelism, long events, Checkpointing checkpoints, Meter meter) {
        try (JetMember member = JetMember.start(parallelism);
                QueryRun run = new QueryRun(meter)) {
            Pipeline pipeline = Pipeline.create();
            build(
                    query,
                    query.hasWindows()
                            ? EventSource.timed(pipeline, run.id(), seed, events, MAKER, parallelism)
                            : EventSource.plain(pipeline, run.id(), seed, events, MAKER, parallelism),
                    run.id());
            member.execute(pipeline, checkpoints);
            meter.end();
            expectation.check(query, seed, events, parallelism, false, run.result());
            return run.checkpointMillis();
        }
    }

    private static void build(Query query, StreamStage<Event> source, long run) {
        switch (query) {
            case Q0 -> source.map(event -> event).writeTo(ChecksumSink.of(run, Event::checksum));
            case Q1 ->
                source.filter(EventQueries::isBid)
                        .map(EventQueries::bidInEuros)
                        .writeTo(ChecksumSink.of(run, Event::checksum));
            case Q2 ->
                source.filter(EventQueries::isOnSomeAuction)
                        .map(EventQueries::auctionAndPrice)
                        .writeTo(ChecksumSink.of(run, Event::checksum));
            case Q3, Q8 -> JetJoins.build(query, source, run);
            case Q5, Q7, Q11 -> JetWindows.build(query, source, run);
        }
    }
}
