package io.solstice.bench.engine;

import io.solstice.api.Job;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import io.solstice.bench.nexmark.Expectation;
import io.solstice.bench.nexmark.Query;
import io.solstice.bench.nexmark.Tally;
import java.util.ArrayList;
import java.util.List;

/** Solstice in this process, through its public API. */
public final class SolsticeNexmark implements AutoCloseable {
    private final Solstice engine = Solstice.embedded();
    private final long seed;
    private final Expectation expectation;

    public SolsticeNexmark(long seed, Expectation expectation) {
        this.seed = seed;
        this.expectation = expectation;
    }

    /** With expressions and with typed functions; generating events, and replaying a number of them. */
    public List<Contender> contenders(Query query, int parallelism, long generated, long replayed) {
        List<Contender> contenders = new ArrayList<>();
        for (Variant variant : Variant.values()) {
            if (!variant.exchanges()) {
                long events = variant.replays() ? replayed : generated;
                contenders.add(contender(query.toString(), query, variant, parallelism, events));
            }
        }
        return contenders;
    }

    public Contender exchange(int parallelism, long events) {
        return contender("q0-exchange", Query.Q0, Variant.EXCHANGE, parallelism, events);
    }

    private Contender contender(String name, Query query, Variant variant, int parallelism, long events) {
        return new Contender(
                "solstice",
                name,
                variant.toString(),
                parallelism,
                events,
                meter -> run(query, variant, parallelism, events, meter));
    }

    private void run(Query query, Variant variant, int parallelism, long events, Meter meter)
            throws InterruptedException {
        Tally result = new Tally();
        Stage source = Stage.source(
                "events", () -> new NexmarkSource(seed, events, parallelism, variant.replays(), meter::begin));
        Stage sink = Stage.sink("checksum", () -> new ChecksumSink(query, result::add));
        Job job = NexmarkJob.in(new Job("nexmark-" + query), query, variant, parallelism, source, sink);
        engine.submit(job).await();
        meter.end();
        expectation.check(query, seed, events, parallelism, variant.replays(), result.total());
    }

    @Override
    public void close() {
        engine.close();
    }
}
