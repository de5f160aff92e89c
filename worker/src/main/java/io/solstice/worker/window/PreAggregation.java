package io.solstice.worker.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.row.Row;
import io.solstice.api.window.Aggregate;
import io.solstice.api.window.Windows;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.exchange.batch.Watermark;
import io.solstice.worker.task.Condenser;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates the rows that a task sends to an {@link AggregateOperator} for a moment, so that a key with most of the rows
 * costs its task a few of them. What it makes of them goes on with {@link PartialRows}.
 *
 * <p>Nobody can tell but by the number of rows. Whether a row is late is decided where it goes, by the watermark there,
 * which is not above the one that this task has sent or that the receiver began with. So a slice of which no window ends
 * by these cannot be late there, and is sent before the watermark that would change this; all other rows are sent as they
 * are. A task that has said that it is idle no longer holds the receiver's watermark back, and knows no bound of it
 * until the receivers have told how far they are.
 */
public final class PreAggregation implements Condenser {
    /** How long rows are held at most. */
    static final long HOLD_NANOS = 10_000_000;
    /** So many keys are held at most, and one batch's more. */
    static final int MOST_KEYS = 1 << 14;

    private final AggregateOperator definition;
    private final BufferAllocator allocator;
    private final Clock clock;
    private final Supplier<List<Row>> before;
    private final Gain gain = new Gain();
    private @Nullable Partials partials;
    private @Nullable Schema schema;
    /** Of the needed columns in the schema; null if it does not fit. */
    private int @Nullable [] positions;

    private boolean begun;
    private boolean idled;
    /** The receiver's watermark is not above. */
    private long reached = Watermark.NONE;
    /** Since when the oldest row is held. */
    private long sinceNanos;

    /** @param before the states with which the receiving tasks begin; asked for by the task's own thread */
    public PreAggregation(
            AggregateOperator definition, BufferAllocator allocator, Clock clock, Supplier<List<Row>> before) {
        this.definition = definition;
        this.allocator = allocator;
        this.clock = clock;
        this.before = before;
    }

    /** Whether the aggregation allows it: partial results are small, and give exactly what the rows would give. */
    public static boolean suits(AggregateOperator definition) {
        return definition.preAggregate()
                && !(definition.window() instanceof Windows.Session)
                && definition.aggregates().stream().allMatch(aggregate -> suits(definition, aggregate));
    }

    private static boolean suits(AggregateOperator definition, Aggregate aggregate) {
        return switch (aggregate.kind()) {
            case COUNT, COUNT_VALUES, SUM, MIN, MAX, AVG -> true;
            // Without windows, the order in which rows come to the receiver decides.
            case FIRST, LAST -> definition.window() != null;
            case MAX_BY, MIN_BY, DISTINCT, APPROX_DISTINCT, QUANTILE, TOP, LATEST, COLLECT, CUSTOM -> false;
        };
    }

    @Override
    public void take(Batch batch, Consumer<Batch> onward) {
        Partials fitting = idled || !gain.isTried() || batch.rowCount() == 0 ? null : fitting(batch.schema());
        int[] needed = positions;
        if (fitting == null || needed == null) {
            flush(onward);
            gain.passed(batch.rowCount());
            onward.accept(batch);
            return;
        }
        try (batch;
                Batch columns = batch.select(needed)) {
            add(fitting, batch, columns, onward);
        }
    }

    private void add(Partials held, Batch batch, Batch needed, Consumer<Batch> onward) {
        if (!held.canSum(needed)) {
            flush(onward);
            if (!held.canSum(needed)) {
                onward.accept(batch.share());
                return;
            }
        }
        if (held.isEmpty()) {
            sinceNanos = clock.monotonicNanos();
        }
        Selection left = held.add(needed, reached());
        if (left.rowCount() == batch.rowCount()) {
            onward.accept(batch.share());
        } else if (left.rowCount() > 0) {
            onward.accept(Gather.rows(batch, left, allocator));
        }
        int size = held.size();
        if (size >= MOST_KEYS || gain.isPoor(held.rows(), size)) {
            flush(onward);
        }
    }

    /** What holds rows of that schema, or null if the receiver is to say what is wrong with them. */
    private @Nullable Partials fitting(Schema found) {
        if (found == schema) {
            return positions == null ? null : partials;
        }
        schema = found;
        positions = null;
        try {
            Partials known = partials;
            if (known == null) {
                known = new Partials(AggregationPlan.of(definition, found), allocator);
                partials = known;
            }
            positions = known.plan().positions(found);
            return known;
        } catch (SolsticeException unfit) {
            return null;
        }
    }

    private long reached() {
        if (!begun) {
            begun = true;
            for (Row state : before.get()) {
                reached = Math.max(reached, AggregationState.watermark(state));
            }
        }
        return reached;
    }

    @Override
    public void watermark(Watermark watermark, Consumer<Batch> onward) {
        Partials held = partials;
        if (held != null && held.isDue(reached, watermark.micros())) {
            flush(onward);
        }
        reached = Math.max(reached, watermark.micros());
    }

    @Override
    public void idle(Consumer<Batch> onward) {
        flush(onward);
        idled = definition.window() != null;
    }

    @Override
    public void resume(long watermark) {
        idled = false;
        reached = Math.max(reached(), watermark);
    }

    @Override
    public void flush(Consumer<Batch> onward) {
        Partials held = partials;
        if (held != null && !held.isEmpty()) {
            gain.condensed(held.rows(), held.size());
            held.send(onward);
        }
    }

    @Override
    public long dueNanos() {
        Partials held = partials;
        return held == null || held.isEmpty() ? Long.MAX_VALUE : sinceNanos + HOLD_NANOS - clock.monotonicNanos();
    }
}
