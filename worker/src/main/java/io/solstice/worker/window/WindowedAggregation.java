package io.solstice.worker.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.Rescalable;
import io.solstice.api.operator.TaskShare;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.Incremental;
import io.solstice.worker.pile.Cuts;
import io.solstice.worker.pile.Piles;
import io.solstice.worker.pile.RunOwner;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * {@link AggregateOperator}: binds the columns when the first batch or the state has shown them, sets aside rows without
 * a time or too late, and keeps the watermark, which a restored operator goes on with so that the same rows are late.
 */
public final class WindowedAggregation implements BatchOperator, Rescalable, Incremental {
    private final AggregateOperator definition;
    private final Piles.Sizes sizes;
    private final Cuts cuts = new Cuts();
    private @Nullable OperatorContext context;
    private @Nullable Bound bound;
    private long watermark = Watermark.NONE;
    /** Rows so far, which order those of an aggregation without time. */
    private long rows;

    /** What is there once the columns are known. */
    private static final class Bound {
        private final AggregationPlan plan;
        private final BatchInput input;
        private final Piles piles;
        private final Kept kept;
        private @Nullable Schema schema;
        private @Nullable Schema partial;
        private int[] positions = new int[0];

        Bound(AggregationPlan plan, OperatorContext context, Piles.Sizes sizes) {
            this.plan = plan;
            this.input = new BatchInput(plan);
            Results results = new Results(plan, context.allocator());
            this.piles = new Piles(context.allocator(), sizes);
            Windows windows = plan.definition().window();
            if (windows == null) {
                kept = new WholeInput(plan, results, piles);
            } else if (windows instanceof Windows.Session session) {
                kept = new SessionWindows(plan, session.gapMicros(), results, piles);
            } else {
                kept = new SlicedWindows(plan, SliceGrid.of(windows), results, piles);
            }
        }

        /** The needed columns alone. */
        Batch needed(Batch batch) {
            if (batch.schema() != schema) {
                positions = plan.positions(batch.schema());
                schema = batch.schema();
            }
            return batch.select(positions);
        }

        /** Refuses what was aggregated of columns of other types. */
        void requireFits(Schema sent) {
            if (sent != partial && !sent.equals(partial)) {
                plan.positions(PartialRows.columns(sent));
            }
            partial = sent;
        }
    }

    public WindowedAggregation(AggregateOperator definition) {
        this(definition, Piles.Sizes.USUAL);
    }

    WindowedAggregation(AggregateOperator definition, Piles.Sizes sizes) {
        this.definition = definition;
        this.sizes = sizes;
    }

    @Override
    public Schema outputSchema(Schema input) {
        return AggregationPlan.of(definition, input).output();
    }

    @Override
    public void open(OperatorContext opened) {
        context = opened;
    }

    private OperatorContext context() {
        OperatorContext opened = context;
        if (opened == null) {
            throw new IllegalStateException("used before open");
        }
        return opened;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        try (batch) {
            if (PartialRows.are(batch.schema())) {
                merge(batch, out);
                return;
            }
            Bound current = bound(batch.schema());
            if (batch.rowCount() == 0) {
                return;
            }
            try (Batch needed = current.needed(batch)) {
                if (definition.window() == null) {
                    current.input.numberFrom(rows, needed.rowCount());
                    rows += needed.rowCount();
                    current.kept.add(needed, current.input, watermark, (row, end) -> {}, out);
                } else if (current.input.readTimes(needed)) {
                    add(current, batch, needed, null, out);
                } else {
                    addTimed(current, batch, needed, out);
                }
            }
        }
    }

    private Bound bound(Schema columns) {
        Bound current = bound;
        if (current == null) {
            current = new Bound(AggregationPlan.of(definition, columns), context(), sizes);
            bound = current;
        }
        return current;
    }

    /** What the tasks before have aggregated. They send nothing that is late here, and yet it would not be lost. */
    private void merge(Batch partial, Outbox out) {
        Bound current = bound;
        if (current == null) {
            current = bound(PartialRows.columns(partial.schema()));
        }
        current.requireFits(partial.schema());
        current.kept.merge(partial, watermark, (row, end) -> context().skip(partial, row, tooLate(end)), out);
    }

    /** Sets aside the rows without a time. */
    private void addTimed(Bound current, Batch batch, Batch needed, Outbox out) {
        Selection timed = new Selection();
        int[] original = new int[needed.rowCount()];
        for (int row = 0; row < needed.rowCount(); row++) {
            if (current.input.hasTime(row) && current.input.isWithinReach(row)) {
                original[timed.rowCount()] = row;
                timed.add(row);
            } else {
                context().skip(batch, row, noTime(current.input.hasTime(row)));
            }
        }
        if (timed.rowCount() > 0) {
            try (Batch rest = Gather.rows(needed, timed, context().allocator())) {
                current.input.readTimes(rest);
                add(current, batch, rest, original, out);
            }
        }
    }

    private RuntimeException noTime(boolean there) {
        return there
                ? ErrorCode.EXPRESSION_FAILED
                        .error("the time in '" + definition.time() + "' is further away than 73,000 years")
                        .toException()
                : ErrorCode.NULL_VALUE
                        .error("the row has no time in '" + definition.time() + "', so it belongs to no window")
                        .toException();
    }

    private void add(Bound current, Batch batch, Batch timed, int @Nullable [] original, Outbox out) {
        Selection late = context().givesLateRows() ? new Selection() : null;
        Kept.Aside aside = (row, end) -> {
            int place = original == null ? row : original[row];
            if (late != null) {
                late.add(place);
            } else {
                context().skip(batch, place, tooLate(end));
            }
        };
        current.kept.add(timed, current.input, watermark, aside, out);
        if (late != null && late.rowCount() > 0) {
            context().late(Gather.rows(batch, late, context().allocator()));
        }
    }

    private RuntimeException tooLate(long windowEnd) {
        return ErrorCode.ROW_LATE
                .error("the row came too late for its window")
                .cause("its window ended at " + text(windowEnd) + ", the watermark is " + text(watermark)
                        + " and the allowed lateness " + Duration.of(definition.latenessMicros(), ChronoUnit.MICROS))
                .toException();
    }

    private static String text(long micros) {
        return micros == Long.MAX_VALUE
                ? "the end of time"
                : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    @Override
    public void onWatermark(Watermark reached, Outbox out) {
        advance(reached.micros(), out);
    }

    @Override
    public void finish(Outbox out) {
        advance(Long.MAX_VALUE, out);
    }

    private void advance(long reached, Outbox out) {
        if (reached <= watermark) {
            return;
        }
        long before = watermark;
        watermark = reached;
        Bound current = bound;
        if (current != null) {
            current.kept.advance(before, reached, out);
        }
    }

    @Override
    public Row checkpoint() {
        Bound current = bound;
        return AggregationState.of(definition, watermark, rows, current == null ? null : current.plan.columns());
    }

    @Override
    public void restore(Row state) {
        Schema columns = AggregationState.columns(definition, state, context().stageId());
        watermark = Math.max(watermark, AggregationState.watermark(state));
        rows = Math.max(rows, AggregationState.rows(state));
        if (bound == null && columns != null) {
            bound = new Bound(AggregationPlan.of(definition, columns), context(), sizes);
        }
    }

    @Override
    public void rescale(TaskState before, TaskShare own) {
        restore(before.checkpoint());
    }

    @Override
    public List<Batch> tables() {
        List<Batch> tables = new ArrayList<>();
        addTables(tables, current -> Cuts.copyRuns(piles(current), tables));
        return tables;
    }

    private static List<RunOwner> piles(Bound current) {
        List<RunOwner> piles = new ArrayList<>();
        current.kept.addPiles(piles);
        return piles;
    }

    /** Adds what is in no run, after what comes first. */
    private void addTables(List<Batch> tables, Consumer<Bound> first) {
        Bound current = bound;
        if (current != null) {
            try {
                first.accept(current);
                current.kept.save(tables);
            } catch (RuntimeException | Error failure) {
                tables.forEach(Batch::close);
                throw failure;
            }
        }
    }

    @Override
    public List<Piece> pieces(long epoch, long base) {
        List<Batch> tables = new ArrayList<>();
        addTables(tables, current -> current.piles.settle());
        Bound current = bound;
        return current == null ? List.of() : cuts.at(epoch, base, current.piles, piles(current), tables);
    }

    @Override
    public void load(Batch table) {
        Bound current = bound;
        if (current == null) {
            throw AggregationState.unfit(context().stageId(), "there is a table without the columns that it is of");
        }
        cuts.loaded(current.piles, current.kept.load(table, watermark));
    }

    @Override
    public void restored(long epoch) {
        cuts.restored(epoch);
    }

    @Override
    public void close() {
        Bound current = bound;
        bound = null;
        if (current != null) {
            current.kept.close();
            current.piles.close();
        }
    }
}
