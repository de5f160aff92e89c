package io.solstice.bench.engine;

import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.bench.nexmark.Expectation;
import io.solstice.bench.nexmark.HandLoop;
import io.solstice.bench.nexmark.Query;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** One thread with a hand-written loop: what the machine can do. */
public final class LimitNexmark implements AutoCloseable {
    private final BufferAllocator allocator = new RootAllocator();
    private final long seed;
    private final Expectation expectation;

    public LimitNexmark(long seed, Expectation expectation) {
        this.seed = seed;
        this.expectation = expectation;
    }

    public List<Contender> contenders(Query query, long generated, long replayed) {
        return List.of(
                new Contender(
                        "limit", query.toString(), "loop", 1, generated, meter -> run(query, generated, false, meter)),
                new Contender(
                        "limit",
                        query.toString(),
                        "replay-loop",
                        1,
                        replayed,
                        meter -> run(query, replayed, true, meter)));
    }

    private void run(Query query, long events, boolean replay, Meter meter) {
        EventRange range = EventRange.of(seed, events, 0, 1);
        Checksum result = replay
                ? HandLoop.replay(query, allocator, range, meter::begin)
                : HandLoop.generate(query, allocator, range, meter::begin);
        meter.end();
        expectation.check(query, seed, events, 1, replay, result);
    }

    @Override
    public void close() {
        allocator.close();
    }
}
