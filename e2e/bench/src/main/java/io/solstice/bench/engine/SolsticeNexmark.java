package io.solstice.bench.engine;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import io.solstice.bench.nexmark.Expectation;
import io.solstice.bench.nexmark.Query;
import io.solstice.bench.nexmark.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Solstice in this process, through its public API. */
public final class SolsticeNexmark implements AutoCloseable {
    private static final double NEVER_SECONDS = 1e9;
    private static final Duration LOOKS = Duration.ofMillis(50);

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
            if (!variant.exchanges() && variant.does(query)) {
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

    /** With expressions; checkpoints, the last one included, are written as by any job. */
    public Contender checkpointed(
            Query query, String variant, int parallelism, long events, Checkpointing checkpoints) {
        return new Contender("solstice", query.toString(), variant, parallelism, events, meter -> {
            Tally result = new Tally();
            Job job = job(query, Variant.EXPR, parallelism, events, meter, result)
                    .stateBackend(new StateBackend.LocalStateBackend(
                            checkpoints.folder().toString()))
                    .checkpointIntervalSecs(checkpoints.isOn() ? checkpoints.seconds() : NEVER_SECONDS);
            JobHandle handle = engine.submit(job);
            CheckpointWatch watch = new CheckpointWatch(handle, LOOKS);
            handle.await();
            meter.end();
            checkpoints.taken().accept(watch.end());
            expectation.check(query, seed, events, parallelism, false, result.total());
        });
    }

    private void run(Query query, Variant variant, int parallelism, long events, Meter meter)
            throws InterruptedException {
        Tally result = new Tally();
        engine.submit(job(query, variant, parallelism, events, meter, result)).await();
        meter.end();
        expectation.check(query, seed, events, parallelism, variant.replays(), result.total());
    }

    private Job job(Query query, Variant variant, int parallelism, long events, Meter meter, Tally result) {
        Stage source = Stage.source(
                "events", () -> new NexmarkSource(seed, events, parallelism, variant.replays(), meter::begin));
        Stage sink = Stage.sink("checksum", () -> new ChecksumSink(query, result::add));
        return NexmarkJob.in(new Job("nexmark-" + query), query, variant, parallelism, source, sink);
    }

    @Override
    public void close() {
        engine.close();
    }
}
