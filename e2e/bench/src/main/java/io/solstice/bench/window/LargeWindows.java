package io.solstice.bench.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.bench.measure.Contender;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * What q5 and q11 count, by the operator alone, where the state is larger than the memory for it: of the million rows of
 * each slice most have a key that no other row of the slice has, and five slices make a window; the session of a key ends
 * when none of a million rows is its own, and most have one row or two. On one thread, over batches made before, in
 * memory of their own.
 */
public final class LargeWindows implements AutoCloseable {
    private static final int KEYS = 2_000_000;
    private static final int SLICES = 5;
    private static final Duration SLIDE = Duration.ofSeconds(10);
    /** Of the operator. Its state has some 160 MB. */
    private static final long LIMIT = 64L << 20;

    /** Of the operator with sessions. Its state has some 800,000 of these. */
    private static final long SESSION_LIMIT = 16L << 20;

    private final BufferAllocator input = new RootAllocator();
    private final BufferAllocator memory = new RootAllocator(LIMIT);
    private final BufferAllocator sessionMemory = new RootAllocator(SESSION_LIMIT);
    private final WindowRows rows;
    private final long count;

    public LargeWindows(long count) {
        this.count = count;
        this.rows = new WindowRows(count, KEYS, false, input);
    }

    public List<Contender> all() {
        AggregateOperator sliding = AggregateOperator.by("key")
                .window(Windows.sliding(SLIDE.multipliedBy(SLICES), SLIDE))
                .aggregate(Aggregates.count());
        AggregateOperator sessions =
                AggregateOperator.by("key").window(Windows.session(SLIDE)).aggregate(Aggregates.count());
        return List.of(
                contender("q5-large", sliding, SLICES, memory),
                contender("q5-large-memory", sliding, SLICES, input),
                contender("q11-large", sessions, 1, sessionMemory),
                contender("q11-large-memory", sessions, 1, input));
    }

    /** @param windows how many each row is in */
    private Contender contender(String query, AggregateOperator counts, int windows, BufferAllocator limited) {
        return new Contender("solstice", query, "operator", 1, count, meter -> {
            meter.begin();
            long found = OperatorRun.run(counts, rows.batches(), limited);
            meter.end();
            if (found != count * windows) {
                throw new IllegalStateException(query + " counted " + found + ", expected " + count * windows);
            }
        });
    }

    @Override
    public void close() {
        rows.close();
        memory.close();
        sessionMemory.close();
        input.close();
    }
}
