package io.solstice.faults.workload;

import io.solstice.api.row.Row;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.MapState;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.Timer;
import io.solstice.api.state.ValueState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says of each row which number it has among those of its region, and which row of its partition came before it there;
 * and, by a timer, how many rows fell into each span of time. Every row changes the state once, and every result tells
 * what the state was: a change that is lost, doubled or out of order is seen in all that come after it.
 *
 * <p>Columns: {@code kind} ({@value #ROW} or {@value #SPAN}), {@code region}, {@code part} (-1 for a span), {@code at}
 * (the row's sequence, or the span's end in microseconds), {@code number} (of the row, or of rows in the span) and
 * {@code before} (the sequence of the row before, -1 for none; or the sum of the span's values).
 */
final class VisitLog implements KeyedOperator {
    private static final String ROW = VisitsWorkflow.ROW;
    private static final String SPAN = VisitsWorkflow.SPAN;
    private static final long SPAN_SIZE = VisitsWorkflow.SPAN_SIZE;
    private static final int ONE_IN = 997;

    private final boolean changesTwice;
    private @Nullable ValueState<Long> rows;
    private @Nullable MapState<Long> last;
    private @Nullable MapState<Long> counts;
    private @Nullable MapState<Long> sums;

    /** @param changesTwice a defect: some rows change the state twice */
    VisitLog(boolean changesTwice) {
        this.changesTwice = changesTwice;
    }

    @Override
    public void declare(States states) {
        rows = states.value("rows", Long.class);
        last = states.map("last", Long.class);
        counts = states.map("counts", Long.class);
        sums = states.map("sums", Long.class);
    }

    private static <T> T declared(@Nullable T state) {
        return Objects.requireNonNull(state, "not declared");
    }

    private static long orElse(@Nullable Long value, long fallback) {
        return value == null ? fallback : value;
    }

    @Override
    public void process(Row row, KeyContext key, RowOutput out) {
        ValueState<Long> number = declared(rows);
        MapState<Long> newest = declared(last);
        long seq = row.getLong("seq");
        String part = Long.toString(row.getLong("part"));
        long before = orElse(newest.get(part), -1);
        boolean twice = changesTwice && seq % ONE_IN == 1;
        number.set(orElse(number.get(), 0) + (twice ? 2 : 1));
        newest.put(part, seq);
        long end = Math.floorDiv(row.getLong(TimedStages.TIME), SPAN_SIZE) * SPAN_SIZE + SPAN_SIZE;
        add(declared(counts), end, 1);
        add(declared(sums), end, row.getLong("value"));
        key.setTimer(Instant.EPOCH.plus(end, ChronoUnit.MICROS));
        out.emit(result(ROW, row.getLong("region"), row.getLong("part"), seq, orElse(number.get(), 0), before));
    }

    private static void add(MapState<Long> to, long span, long more) {
        String name = Long.toString(span);
        to.put(name, orElse(to.get(name), 0) + more);
    }

    @Override
    public void onTimer(Timer timer, KeyContext key, RowOutput out) {
        long end = ChronoUnit.MICROS.between(Instant.EPOCH, timer.time());
        String name = Long.toString(end);
        long count = orElse(declared(counts).get(name), 0);
        long sum = orElse(declared(sums).get(name), 0);
        declared(counts).remove(name);
        declared(sums).remove(name);
        out.emit(result(SPAN, key.key().getLong("region"), -1, end, count, sum));
    }

    private static Row result(String kind, long region, long part, long at, long number, long before) {
        return Row.of("kind", kind, "region", region, "part", part, "at", at, "number", number, "before", before);
    }
}
