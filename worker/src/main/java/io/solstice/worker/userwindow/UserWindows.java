package io.solstice.worker.userwindow;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Rescalable;
import io.solstice.api.operator.TaskShare;
import io.solstice.api.operator.TaskState;
import io.solstice.api.operator.WindowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowWriter;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.Timer;
import io.solstice.api.window.TimeWindow;
import io.solstice.api.window.WindowContext;
import io.solstice.api.window.WindowFunction;
import io.solstice.api.window.WindowPane;
import io.solstice.api.window.WindowTrigger.Decision;
import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.time.TimeColumn;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * {@link WindowOperator}: puts rows into the windows of their key, asks the trigger, and gives the rows of a window to the
 * function. Two moments are noted for each window, its end and when it is forgotten; others as the trigger asks for them.
 */
public final class UserWindows implements KeyedOperator, Rescalable {
    private static final String WINDOWS = "window";
    private static final String TIME = "time";

    private final WindowOperator definition;
    private final WindowFunction function;
    private final Assigning assigning;
    private final boolean joining;
    private final Clock clock;
    private @Nullable OperatorContext context;
    private @Nullable WindowStates declared;
    private @Nullable SolsticeException refusal;
    private @Nullable Schema input;

    /** Refuses a definition that lacks something. */
    public UserWindows(WindowOperator definition, Clock clock) {
        WindowFunction given = definition.function();
        if (given == null) {
            throw ErrorCode.OPTION_MISSING
                    .error("nothing is done with the rows of a window")
                    .where("WindowOperator")
                    .help("add .apply((pane, rows, out) -> …)")
                    .toException();
        }
        this.definition = definition;
        this.function = given;
        this.assigning = Assigning.of(definition);
        this.joining = definition.window() instanceof Windows.Session;
        this.clock = clock;
    }

    /** The columns of the results; null if they show only while running. */
    public @Nullable Schema results() {
        return definition.schema();
    }

    /** Refuses an input that has no such time. */
    public void seen(Schema columns) {
        if (columns != input) {
            TimeColumn.of(columns, definition.time());
            input = columns;
        }
    }

    /** Why the row that was processed last is set aside; null if it is not. */
    public @Nullable SolsticeException refusal() {
        return refusal;
    }

    /** A moment that is further away than any time becomes one that just is. */
    static long micros(Instant moment) {
        long seconds = moment.getEpochSecond();
        long furthest = TimeColumn.FURTHEST / 1_000_000;
        return Math.abs(seconds) > furthest
                ? Long.signum(seconds) * (TimeColumn.FURTHEST + 1)
                : seconds * 1_000_000 + moment.getNano() / 1_000;
    }

    static Instant moment(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Override
    public void open(OperatorContext opened) {
        context = opened;
    }

    @Override
    public void declare(States states) {
        declared = new WindowStates(states);
    }

    private WindowStates states() {
        WindowStates known = declared;
        if (known == null) {
            throw new IllegalStateException("it is used before it was opened");
        }
        return known;
    }

    @Override
    public void process(Row row, KeyContext key, RowOutput out) throws Exception {
        refusal = null;
        Long time = timeOf(row.get(definition.time()));
        if (time == null) {
            refusal = ErrorCode.NULL_VALUE
                    .error("the row has no time in '" + definition.time() + "' within 73,000 years, so no window")
                    .toException();
            return;
        }
        long watermark = watermark(key);
        long end = Long.MIN_VALUE;
        boolean taken = false;
        for (Span span : assigning.spans(row, time)) {
            OpenWindow window = joining ? session(span, watermark, key) : window(span, watermark, key);
            if (window != null) {
                OpenWindow more = states().addRow(window, row);
                Handling handling = new Handling(more, watermark, key);
                decided(definition.trigger().onRow(row, handling), handling, more.end() <= watermark, out);
                taken = true;
            }
            end = Math.max(end, span.end());
        }
        if (!taken) {
            refusal = end == Long.MIN_VALUE ? noWindow() : tooLate(end, watermark);
        }
    }

    private static @Nullable Long timeOf(@Nullable Object told) {
        long time = TimeColumn.FURTHEST + 1;
        if (told instanceof Long micros) {
            time = micros;
        } else if (told instanceof Instant || told instanceof LocalDateTime) {
            time = micros(told instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : (Instant) told);
        }
        return TimeColumn.isTime(time) ? time : null;
    }

    private static long watermark(KeyContext key) {
        Instant reached = key.watermark();
        return reached == null ? Long.MIN_VALUE : ChronoUnit.MICROS.between(Instant.EPOCH, reached);
    }

    private boolean isForgotten(long end, long watermark) {
        return end + definition.latenessMicros() <= watermark;
    }

    /** The window, which may be new; null if it is forgotten. */
    private @Nullable OpenWindow window(Span span, long watermark, KeyContext key) {
        OpenWindow known = states().find(span);
        if (known != null) {
            return known;
        }
        return isForgotten(span.end(), watermark) ? null : noted(states().add(span), watermark, key);
    }

    private OpenWindow noted(OpenWindow window, long watermark, KeyContext key) {
        if (window.end() > watermark) {
            states().callAt(window, window.end(), true, false, key);
        }
        states().callAt(window, window.end() + definition.latenessMicros(), true, false, key);
        return window;
    }

    /** Joins the sessions that a new one overlaps: all become part of the one with the most rows. */
    private @Nullable OpenWindow session(Span span, long watermark, KeyContext key) {
        List<OpenWindow> overlapping = states().all().stream()
                .filter(span::overlaps)
                .sorted(Comparator.comparing(OpenWindow::rows).reversed())
                .toList();
        if (overlapping.isEmpty()) {
            return window(span, watermark, key);
        }
        OpenWindow base = overlapping.get(0);
        Span whole = span;
        for (OpenWindow window : overlapping) {
            whole = whole.with(window);
        }
        if (whole.equals(base.span())) {
            return base;
        }
        states().leave(base);
        OpenWindow joined = base.between(whole);
        for (OpenWindow other : overlapping.subList(1, overlapping.size())) {
            for (Row row : states().rows(other)) {
                joined = states().addRow(joined, row);
            }
            joined = joined.atLeastPanes(other.panes());
            states().remove(other, key);
        }
        states().put(joined);
        return noted(joined, watermark, key);
    }

    private SolsticeException noWindow() {
        return ErrorCode.ROW_WITHOUT_WINDOW
                .error("the row belongs to no window")
                .cause(definition.windows() + " gave none")
                .toException();
    }

    private SolsticeException tooLate(long end, long watermark) {
        return ErrorCode.ROW_LATE
                .error("the row came too late for its window")
                .cause("its window ended at " + moment(end) + ", the watermark is " + moment(watermark)
                        + " and the allowed lateness " + Duration.of(definition.latenessMicros(), ChronoUnit.MICROS))
                .toException();
    }

    @Override
    public void onTimer(Timer timer, KeyContext key, RowOutput out) throws Exception {
        long at = micros(timer.time());
        long watermark = timer.eventTime() ? Math.max(at, watermark(key)) : watermark(key);
        for (WindowStates.Call call : states().takeCalls(at, timer.eventTime())) {
            OpenWindow window = call.window();
            Handling handling = new Handling(window, watermark, key);
            if (!timer.eventTime()) {
                boolean late = window.end() <= watermark;
                decided(definition.trigger().onClock(timer.time(), handling), handling, late, out);
                continue;
            }
            if (call.asked() || window.end() == at) {
                boolean late = window.end() < at;
                decided(definition.trigger().onTime(timer.time(), handling), handling, late, out);
            }
            if (isForgotten(window.end(), at)) {
                forget(handling.window, key);
            } else if (window.end() <= at) {
                // The allowed lateness may be another one than when the window was noted.
                states().callAt(window, window.end() + definition.latenessMicros(), true, false, key);
            }
        }
    }

    private void decided(Decision decision, Handling handling, boolean late, RowOutput out) throws Exception {
        boolean fires = decision == Decision.FIRE || decision == Decision.FIRE_AND_PURGE;
        if (fires && handling.window.rows() > 0) {
            OpenWindow window = handling.window;
            WindowPane pane = new WindowPane(handling.key.key(), window.window(), window.panes(), late);
            function.apply(pane, states().rows(window), out::emit);
            handling.becomes(window.givenOut());
        }
        if (decision == Decision.PURGE || decision == Decision.FIRE_AND_PURGE) {
            states().removeRows(handling.window);
            handling.becomes(handling.window.withoutRows());
        }
    }

    private void forget(OpenWindow window, KeyContext key) {
        List<Row> left = states().rowsNotGiven(window);
        OperatorContext task = context;
        if (!left.isEmpty() && task != null) {
            SolsticeException why = ErrorCode.ROW_WITHOUT_WINDOW
                    .error("the trigger never gave the row's window out")
                    .cause("the window ended at " + moment(window.end()) + " and is forgotten")
                    .toException();
            try (Batch batch = new RowWriter(null).write(left, task.allocator())) {
                for (int i = 0; i < left.size(); i++) {
                    task.skip(batch, i, why);
                }
            }
        }
        states().remove(window, key);
    }

    /** That of the row or call that is being handled. */
    private final class Handling implements WindowContext {
        private final long watermark;
        private final KeyContext key;
        private OpenWindow window;

        Handling(OpenWindow window, long watermark, KeyContext key) {
            this.window = window;
            this.watermark = watermark;
            this.key = key;
        }

        private void becomes(OpenWindow other) {
            window = other;
            states().put(other);
        }

        @Override
        public Row key() {
            return key.key();
        }

        @Override
        public TimeWindow window() {
            return window.window();
        }

        @Override
        public long rows() {
            return window.rows();
        }

        @Override
        public @Nullable Instant watermark() {
            return watermark == Long.MIN_VALUE ? null : moment(watermark);
        }

        @Override
        public boolean isComplete() {
            return window.end() <= watermark;
        }

        @Override
        public Instant clock() {
            return Instant.ofEpochMilli(clock.wallMillis());
        }

        @Override
        public void callAt(Instant eventTime) {
            states().callAt(window, micros(eventTime), true, true, key);
        }

        @Override
        public void callAtClock(Instant time) {
            states().callAt(window, micros(time), false, true, key);
        }

        @Override
        public Row kept() {
            return states().kept(window);
        }

        @Override
        public void keep(Row values) {
            states().keep(window, values);
        }
    }

    @Override
    public Row checkpoint() {
        return Row.of(WINDOWS, definition.windows(), TIME, definition.time());
    }

    @Override
    public void restore(Row state) {
        Row own = checkpoint();
        if (!state.names().isEmpty() && !state.equals(own)) {
            throw ErrorCode.STATE_UNFIT
                    .error("the state is of other windows")
                    .where("WindowOperator")
                    .cause("before " + state + ", now " + own)
                    .help("give the stage the windows and the time that it had, or begin the job anew")
                    .toException();
        }
    }

    @Override
    public void rescale(TaskState before, TaskShare own) {
        restore(before.checkpoint());
    }
}
