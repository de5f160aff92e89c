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
 * What q5 counts, by the operator alone, where the state is larger than the memory for it: of the million rows of each
 * slice most have a key that no other row of the slice has, and five slices make a window. On one thread, over batches
 * made before, in memory of their own.
 */
public final class LargeWindows implements AutoCloseable {
    private static final int KEYS = 2_000_000;
    private static final int SLICES = 5;
    private static final Duration SLIDE = Duration.ofSeconds(10);
    /** Of the operator. Its state has some 160 MB. */
    private static final long LIMIT = 64L << 20;

    private final BufferAllocator input = new RootAllocator();
    private final BufferAllocator memory = new RootAllocator(LIMIT);
    private final WindowRows rows;
    private final long count;

    public LargeWindows(long count) {
        this.count = count;
        this.rows = new WindowRows(count, KEYS, false, input);
    }

    public List<Contender> all() {
        return List.of(contender("q5-large", memory), contender("q5-large-memory", input));
    }

    private Contender contender(String query, BufferAllocator limited) {
        AggregateOperator counts = AggregateOperator.by("key")
                .window(Windows.sliding(SLIDE.multipliedBy(SLICES), SLIDE))
                .aggregate(Aggregates.count());
        return new Contender("solstice", query, "operator", 1, count, meter -> {
            meter.begin();
            long found = OperatorRun.run(counts, rows.batches(), limited);
            meter.end();
            if (found != count * SLICES) {
                throw new IllegalStateException(query + " counted " + found + ", expected " + count * SLICES);
            }
        });
    }

    @Override
    public void close() {
        rows.close();
        memory.close();
        input.close();
    }
}
