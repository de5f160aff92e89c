package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.Rescalable;
import io.solstice.api.operator.TaskShare;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.Incremental;
import io.solstice.spi.Timed;
import io.solstice.spi.TwoInputs;
import io.solstice.worker.piece.PieceNames;
import io.solstice.worker.time.TimeColumn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * {@link JoinOperator}: arranges the columns of both inputs, sets aside rows without a time or too late, and keeps the
 * watermark, which a restored operator goes on with so that the same rows are late.
 */
public final class Join implements TwoInputs, Rescalable, Incremental, Timed {
    private final JoinOperator definition;
    private final Clock clock;
    private final RunSizes sizes;
    private final EventTimes times = new EventTimes();
    private final Arranged[] arranged = {new Arranged(), new Arranged()};
    private @Nullable JoinPlan plan;
    private @Nullable Opened opened;
    private final PieceNames names = new PieceNames();
    /** Of the tables that have come back. */
    private List<@Nullable Object> loaded = new ArrayList<>();

    private long watermark = Watermark.NONE;

    private record Opened(JoinPlan plan, OperatorContext context, Meeting meeting) {}

    /** Where the columns of an input are in the batches that came last. */
    private static final class Arranged {
        private @Nullable Schema schema;
        private int[] positions = new int[0];
    }

    public Join(JoinOperator definition, Clock clock) {
        this(definition, clock, RunSizes.USUAL);
    }

    Join(JoinOperator definition, Clock clock, RunSizes sizes) {
        this.definition = definition;
        this.clock = clock;
        this.sizes = sizes;
    }

    @Override
    public Schema outputSchema(Schema left, Schema right) {
        return JoinPlan.of(definition, left, right).output();
    }

    @Override
    public void bind(Schema left, Schema right) {
        plan = JoinPlan.of(definition, left, right);
    }

    @Override
    public void open(OperatorContext context) {
        JoinPlan bound = plan;
        if (bound == null) {
            throw new IllegalStateException("used before its inputs were known");
        }
        opened = new Opened(bound, context, meeting(bound, new JoinedRows(bound, context.allocator())));
    }

    private Meeting meeting(JoinPlan bound, JoinedRows out) {
        JoinOperator.Scope scope = definition.scope();
        if (scope instanceof JoinOperator.Windowed) {
            return new WindowMeeting(bound, out);
        }
        return scope instanceof JoinOperator.Between || scope instanceof JoinOperator.Kept
                ? new RollingMeeting(bound, out, clock)
                : new WholeMeeting(bound, out, clock, sizes);
    }

    private Opened opened() {
        Opened there = opened;
        if (there == null) {
            throw new IllegalStateException("used before open");
        }
        return there;
    }

    @Override
    public void process(int input, Batch batch, Outbox out) {
        try (batch) {
            if (batch.rowCount() == 0) {
                return;
            }
            JoinSide side = opened().plan().side(input);
            Batch rows = arranged(side, arranged[input], batch);
            TimeColumn time = side.time();
            if (time == null) {
                opened().meeting().add(input, rows, new long[0], out);
                return;
            }
            try {
                times.read(time, rows);
                if (!times.areAllWithinReach() || opened().meeting().isLate(times.earliest(), watermark)) {
                    rows = inTime(input, batch, rows);
                    times.read(time, rows);
                }
            } catch (RuntimeException | Error failure) {
                rows.close();
                throw failure;
            }
            if (rows.rowCount() == 0) {
                rows.close();
            } else {
                opened().meeting().add(input, rows, times.copy(rows.rowCount()), out);
            }
        }
    }

    private static Batch arranged(JoinSide side, Arranged last, Batch batch) {
        if (batch.schema() != last.schema) {
            last.positions = side.positions(batch.schema());
            last.schema = batch.schema();
        }
        try (Batch chosen = batch.select(last.positions)) {
            return chosen.renamed(side.schema());
        }
    }

    /** Sets aside the rows that have no time or come too late. Takes over the rows, and gives those that are left. */
    private Batch inTime(int input, Batch batch, Batch rows) {
        Selection timely = new Selection();
        for (int row = 0; row < rows.rowCount(); row++) {
            if (times.has(row)
                    && times.isWithinReach(row)
                    && !opened().meeting().isLate(times.micros(row), watermark)) {
                timely.add(row);
            } else {
                opened().context().skip(batch, row, reason(input, row));
            }
        }
        if (timely.rowCount() == rows.rowCount()) {
            return rows;
        }
        Batch rest = Gather.rows(rows, timely, opened().context().allocator());
        rows.close();
        return rest;
    }

    private RuntimeException reason(int input, int row) {
        String column = input == LEFT ? definition.leftTime() : definition.rightTime();
        if (!times.has(row)) {
            return ErrorCode.NULL_VALUE
                    .error("the row has no time in '" + column + "', so it meets no other")
                    .toException();
        }
        if (!times.isWithinReach(row)) {
            return ErrorCode.EXPRESSION_FAILED
                    .error("the time in '" + column + "' is further away than 73,000 years")
                    .toException();
        }
        return ErrorCode.ROW_LATE
                .error("the row came too late to be joined")
                .cause("its time is " + text(times.micros(row)) + " and the watermark " + text(watermark))
                .toException();
    }

    private static String text(long micros) {
        return micros == Long.MAX_VALUE
                ? "the end of time"
                : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    @Override
    public void ended(int input, Outbox out) {
        opened().meeting().ended(input, out);
    }

    @Override
    public void onWatermark(Watermark reached, Outbox out) {
        advance(reached.micros(), out);
    }

    private void advance(long reached, Outbox out) {
        if (reached > watermark) {
            long before = watermark;
            watermark = reached;
            opened().meeting().advance(before, reached, out);
        }
    }

    @Override
    public void finish(Outbox out) {
        advance(Long.MAX_VALUE, out);
        opened().meeting().finish(out);
    }

    @Override
    public long dueMillis() {
        return opened().meeting().dueMillis();
    }

    @Override
    public void onClock(Outbox out) {
        opened().meeting().onClock(out);
    }

    @Override
    public long delayMicros() {
        return opened().meeting().delayMicros();
    }

    @Override
    public Row checkpoint() {
        return JoinState.of(opened().plan(), watermark);
    }

    @Override
    public void restore(Row state) {
        Opened there = opened();
        watermark = Math.max(
                watermark,
                JoinState.watermark(there.plan(), state, there.context().stageId()));
    }

    @Override
    public void rescale(TaskState before, TaskShare own) {
        restore(before.checkpoint());
    }

    @Override
    public List<Batch> tables() {
        return saved(Set.of()).stream()
                .map(part -> Objects.requireNonNull(part.table(), "nothing is stored"))
                .toList();
    }

    @Override
    public List<Piece> pieces(long epoch, long base) {
        Map<Object, Integer> stored = names.stored(base);
        List<Piece> pieces = new ArrayList<>();
        List<@Nullable Object> named = new ArrayList<>();
        for (Saving.Part part : saved(stored.keySet())) {
            Batch table = part.table();
            pieces.add(table == null ? new Stored(Objects.requireNonNull(stored.get(part.name()))) : new Fresh(table));
            named.add(part.name());
        }
        names.cut(epoch, named);
        return pieces;
    }

    private List<Saving.Part> saved(Set<Object> stored) {
        Saving saving = new Saving(stored);
        try {
            opened().meeting().save(saving);
            return saving.parts();
        } catch (RuntimeException | Error failure) {
            saving.close();
            throw failure;
        }
    }

    @Override
    public void load(Batch table) {
        loaded.add(opened().meeting().load(SavedRows.load(opened().plan(), table)));
    }

    @Override
    public void restored(long epoch) {
        names.cut(epoch, loaded);
        loaded = new ArrayList<>();
    }

    @Override
    public void close() {
        Opened there = opened;
        opened = null;
        if (there != null) {
            there.meeting().close();
        }
    }
}
