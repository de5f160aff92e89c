package io.solstice.bench.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.window.Aggregate;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.bench.measure.Contender;
import io.solstice.exchange.batch.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** On one thread, over batches made before: each query by the operator and by hand, with equal results. */
public final class AggregateSuite implements AutoCloseable {
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final int FEW = 10_000;
    private static final int MANY = 1_000_000;

    private final BufferAllocator memory = new RootAllocator();
    private final WindowRows few;
    private final WindowRows many;
    private final long rows;

    public AggregateSuite(long rows) {
        this.rows = rows;
        this.few = new WindowRows(rows, FEW, true, memory);
        this.many = new WindowRows(rows, MANY, false, memory);
    }

    public List<Contender> all() {
        Aggregate[] three = {Aggregates.count(), Aggregates.sum("price"), Aggregates.max("price")};
        long size = micros(WINDOW);
        AggregateOperator tumbling =
                AggregateOperator.by("key").window(Windows.tumbling(WINDOW)).aggregate(three);
        AggregateOperator byText =
                AggregateOperator.by("text").window(Windows.tumbling(WINDOW)).aggregate(three);
        AggregateOperator sliding = AggregateOperator.by("key")
                .window(Windows.sliding(WINDOW, Duration.ofSeconds(2)))
                .aggregate(three);
        Duration gap = Duration.ofMillis(300);
        AggregateOperator sessions = AggregateOperator.by("key")
                .window(Windows.session(gap))
                .aggregate(Aggregates.count(), Aggregates.sum("price"));
        List<Contender> contenders = new ArrayList<>();
        pair(contenders, "agg-10k", few, tumbling, () -> HandWindows.tumbling(few.batches(), size));
        pair(contenders, "agg-1m", many, tumbling, () -> HandWindows.tumbling(many.batches(), size));
        pair(contenders, "agg-text", few, byText, () -> HandTexts.tumbling(few.batches(), size));
        pair(contenders, "agg-sliding", few, sliding, () -> HandWindows.sliding(few.batches(), size / 5, 5));
        pair(contenders, "agg-session", few, sessions, () -> HandWindows.sessions(few.batches(), micros(gap), FEW));
        return contenders;
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private void pair(
            List<Contender> contenders, String query, WindowRows input, AggregateOperator operator, LongSupplier hand) {
        List<Batch> batches = input.batches();
        long expected = hand.getAsLong();
        contenders.add(contender("limit", query, expected, hand));
        contenders.add(contender("solstice", query, expected, () -> OperatorRun.run(operator, batches, memory)));
    }

    private Contender contender(String system, String query, long expected, LongSupplier work) {
        return new Contender(system, query, "operator", 1, rows, meter -> {
            meter.begin();
            long found = work.getAsLong();
            meter.end();
            if (found != expected) {
                throw new IllegalStateException(system + " " + query + ": found " + found + ", expected " + expected);
            }
        });
    }

    @Override
    public void close() {
        few.close();
        many.close();
        memory.close();
    }
}
