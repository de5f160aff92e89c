package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.Rescalable;
import io.solstice.api.operator.TaskShare;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.Timer;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.Incremental;
import io.solstice.spi.Timed;
import io.solstice.spi.WrappedOperator;
import io.solstice.worker.task.UserFailure;
import io.solstice.worker.userstate.KeyTimers;
import io.solstice.worker.userstate.KeyedStates;
import io.solstice.worker.userstate.StatePieces;
import io.solstice.worker.userwindow.UserWindows;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** A user's {@link KeyedOperator} as an operator on batches, with the states and timers of its keys. */
final class KeyedOperatorAdapter implements BatchOperator, WrappedOperator, Incremental, Rescalable, Timed {
    private static final int TIMERS_AT_ONCE = 1_024;
    private static final String WATERMARK = "watermark";
    private static final String OPERATOR = "operator";

    private final KeyedOperator operator;
    /** The same, if it may not take a row. */
    private final @Nullable UserWindows windows;

    private final Clock clock;
    private final KeyedStates states;
    private final StatePieces pieces;
    private final RowWriter writer;
    private final RowFailures failures = new RowFailures("process", false);
    private final List<Row> results = new ArrayList<>();
    private @Nullable OperatorContext context;
    private long watermark = Watermark.NONE;
    /** While the input is at its end: timers of later moments are not set any more. */
    private long lastTimer = Long.MAX_VALUE;

    KeyedOperatorAdapter(KeyedOperator operator, Clock clock) {
        this.operator = operator;
        this.windows = operator instanceof UserWindows own ? own : null;
        this.writer = new RowWriter(windows == null ? null : windows.results());
        this.clock = clock;
        this.states = new KeyedStates(clock);
        this.pieces = new StatePieces(states);
    }

    /** That of the row or timer that is being handled. */
    private final class Handling implements KeyContext {
        private final int handled;

        Handling(int handled) {
            this.handled = handled;
        }

        @Override
        public Row key() {
            return states.key(handled);
        }

        @Override
        public @Nullable Instant watermark() {
            return watermark == Watermark.NONE ? null : moment(watermark);
        }

        @Override
        public void setTimer(Instant eventTime) {
            long micros = micros(eventTime);
            if (micros <= lastTimer) {
                states.timers().set(handled, micros);
            }
        }

        @Override
        public void setClockTimer(Instant time) {
            states.clockTimers().set(handled, micros(time));
        }

        @Override
        public void deleteTimer(Instant eventTime) {
            states.timers().delete(handled, micros(eventTime));
        }

        @Override
        public void deleteClockTimer(Instant time) {
            states.clockTimers().delete(handled, micros(time));
        }
    }

    private static long micros(Instant moment) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    }

    private static Instant moment(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Override
    public Object wrapped() {
        return operator;
    }

    @Override
    public void open(OperatorContext opened) throws Exception {
        context = opened;
        Operators.requireKeys(this, opened.keyColumns());
        states.opened(opened);
        operator.open(opened);
        operator.declare(states);
    }

    private OperatorContext task() {
        OperatorContext opened = context;
        if (opened == null) {
            throw new IllegalStateException("it is used before it was opened");
        }
        return opened;
    }

    @Override
    public @Nullable Schema outputSchema(Schema input) {
        if (windows != null) {
            windows.seen(input);
        }
        return windows == null ? null : windows.results();
    }

    @Override
    public void process(Batch batch, Outbox out) {
        try (batch) {
            int[] keys = states.keys(batch);
            if (windows != null) {
                windows.seen(batch.schema());
            }
            RowReader reader = new RowReader(batch);
            Selection late = new Selection();
            for (int i = 0; i < batch.rowCount(); i++) {
                states.handle(keys[i]);
                try {
                    Row row = reader.row(i);
                    operator.process(row, new Handling(keys[i]), results::add);
                    setAside(batch, i, late);
                } catch (Exception | StackOverflowError | LinkageError thrown) {
                    failures.failed(task(), batch, i, thrown);
                }
            }
            if (late.rowCount() > 0) {
                task().late(Gather.rows(batch, late, task().allocator()));
            }
        } finally {
            states.handleNone();
        }
        emit(out);
        callDue(states.timers(), watermark, true, out);
    }

    /** Only windows do not take each row. */
    private void setAside(Batch batch, int row, Selection late) {
        SolsticeException why = windows == null ? null : windows.refusal();
        if (why == null) {
            return;
        }
        if (why.code() == ErrorCode.ROW_LATE && task().givesLateRows()) {
            late.add(row);
        } else {
            task().skip(batch, row, why);
        }
    }

    @Override
    public void onWatermark(Watermark mark, Outbox out) {
        watermark = Math.max(watermark, mark.micros());
        callDue(states.timers(), watermark, true, out);
    }

    @Override
    public void finish(Outbox out) {
        if (!states.timers().isEmpty()) {
            lastTimer = states.timers().last();
            callDue(states.timers(), lastTimer, true, out);
        }
    }

    @Override
    public long dueMillis() {
        return states.clockTimers().isEmpty()
                ? Long.MAX_VALUE
                : Math.floorDiv(states.clockTimers().first() + 999, 1_000) - clock.wallMillis();
    }

    @Override
    public void onClock(Outbox out) {
        callDue(states.clockTimers(), clock.wallMillis() * 1_000, false, out);
    }

    private void callDue(KeyTimers from, long until, boolean eventTime, Outbox out) {
        if (from.isDue(until)) {
            out.emitAll(new DueTimers(from, until, eventTime));
        }
    }

    /**
     * Calls timers as their results are taken, so that a watermark that makes very many due needs little memory and
     * does not keep the task from being cancelled. Those that are set meanwhile come too, if they are due.
     */
    private final class DueTimers implements Iterator<Batch> {
        private final KeyTimers from;
        private final long until;
        private final boolean eventTime;

        DueTimers(KeyTimers from, long until, boolean eventTime) {
            this.from = from;
            this.until = until;
            this.eventTime = eventTime;
        }

        @Override
        public boolean hasNext() {
            return from.isDue(until);
        }

        @Override
        public Batch next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            for (int called = 0; called < TIMERS_AT_ONCE && results.size() < TIMERS_AT_ONCE; called++) {
                KeyTimers.Due due = from.next(until);
                if (due == null) {
                    break;
                }
                call(due);
            }
            return results.isEmpty() ? Batch.of(List.of(), 0) : written();
        }

        private void call(KeyTimers.Due due) {
            Timer timer = new Timer(moment(due.micros()), eventTime);
            states.handle(due.key());
            try {
                operator.onTimer(timer, new Handling(due.key()), results::add);
            } catch (Exception | StackOverflowError | LinkageError thrown) {
                throw failed(timer, due.key(), thrown);
            } finally {
                states.handleNone();
            }
        }
    }

    private RuntimeException failed(Timer timer, int key, Throwable thrown) {
        String place = "stage '" + task().stageId() + "', task " + task().taskIndex() + ", timer of " + states.key(key)
                + " at " + timer.time();
        return thrown instanceof SolsticeException coded
                ? coded.within(place)
                : UserFailure.of(thrown, "onTimer", place).toException(thrown);
    }

    private void emit(Outbox out) {
        if (!results.isEmpty()) {
            out.emit(written());
        }
    }

    private Batch written() {
        List<Row> rows = List.copyOf(results);
        results.clear();
        return writer.write(rows, task().allocator());
    }

    /** Time besides what the function itself keeps, under a name of its own. */
    @Override
    public Row checkpoint() throws Exception {
        Row own = operator.checkpoint();
        Row state = watermark == Watermark.NONE ? Row.EMPTY : Row.of(WATERMARK, watermark);
        return own.names().isEmpty() ? state : state.with(OPERATOR, own);
    }

    @Override
    public void restore(Row state) throws Exception {
        restoreTime(state);
        if (state.has(OPERATOR)) {
            operator.restore(state.getRow(OPERATOR));
        }
    }

    private void restoreTime(Row state) {
        if (state.has(WATERMARK)) {
            watermark = Math.max(watermark, state.getLong(WATERMARK));
        }
    }

    @Override
    public void rescale(TaskState before, TaskShare own) throws Exception {
        restoreTime(before.checkpoint());
        boolean more =
                before.checkpoint().has(OPERATOR) || !before.values().names().isEmpty();
        if (more && operator instanceof Rescalable rescalable) {
            Row kept = before.checkpoint().has(OPERATOR) ? before.checkpoint().getRow(OPERATOR) : Row.EMPTY;
            rescalable.rescale(new TaskState(before.taskIndex(), before.parallelism(), kept, before.values()), own);
        } else if (more) {
            throw ErrorCode.STATE_UNFIT
                    .error("the operator of stage '" + task().stageId() + "' has state that belongs to no key")
                    .where("stage '" + task().stageId() + "'")
                    .cause("it had " + before.parallelism() + " tasks and has " + task().parallelism() + " now")
                    .help("let the operator implement Rescalable, keep all its state by key, or give the stage the"
                            + " parallelism that it had")
                    .toException();
        }
    }

    @Override
    public List<Batch> tables() {
        return pieces.whole();
    }

    @Override
    public List<Piece> pieces(long epoch, long base) {
        return pieces.at(epoch, base);
    }

    @Override
    public void leave(long epoch, Leaving leaving) {
        pieces.leave(epoch, leaving);
    }

    @Override
    public void expect(long rows) {
        states.expect(rows);
    }

    @Override
    public void load(Batch table) {
        pieces.load(table);
    }

    @Override
    public void restored(long epoch) throws Exception {
        pieces.restored(epoch);
    }

    @Override
    public void divided(Share share) throws Exception {
        pieces.divided(share);
    }

    @Override
    public void close() throws Exception {
        try {
            operator.close();
        } finally {
            pieces.close();
            states.close();
        }
    }
}
