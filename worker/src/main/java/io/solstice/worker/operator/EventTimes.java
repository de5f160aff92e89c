package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.EventTimeOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.Rescalable;
import io.solstice.api.operator.TaskShare;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.api.time.Watermarks;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.Timed;
import io.solstice.spi.Timekeeper;
import io.solstice.worker.time.TimeColumn;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link EventTimeOperator}: the newest time of the rows that went by, less the delay. It never goes back. */
final class EventTimes implements BatchOperator, Rescalable, Timed, Timekeeper {
    private static final String TIME = "time";

    private final String name;
    private final long delayMicros;
    private final long idleMillis;
    private final Clock clock;
    private @Nullable TimeColumn column;
    private @Nullable Schema schema;
    private long time = Watermark.NONE;
    private boolean restored;
    private boolean news;
    private boolean idle;
    /** When rows came last. */
    private long sinceNanos;

    EventTimes(Watermarks rule, Clock clock) {
        this.name = rule.column();
        this.delayMicros = rule.delay().toNanos() / 1_000;
        this.idleMillis = rule.idleTimeout().toMillis();
        this.clock = clock;
        this.sinceNanos = clock.monotonicNanos();
    }

    @Override
    public Schema outputSchema(Schema input) {
        TimeColumn.of(input, name);
        return input;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        TimeColumn known = column;
        if (known == null || batch.schema() != schema) {
            try {
                known = TimeColumn.of(batch.schema(), name);
            } catch (RuntimeException unfit) {
                batch.close();
                throw unfit;
            }
            column = known;
            schema = batch.schema();
        }
        long latest = known.latest(batch, Watermark.NONE);
        long reached = latest < Watermark.NONE + delayMicros ? Watermark.NONE : latest - delayMicros;
        news |= reached > time || idle && time != Watermark.NONE;
        time = Math.max(time, reached);
        idle = false;
        sinceNanos = clock.monotonicNanos();
        out.emit(batch);
    }

    @Override
    public boolean hasNews() {
        return news;
    }

    @Override
    public @Nullable Watermark takeNews() {
        if (!news) {
            return null;
        }
        news = false;
        return new Watermark(time);
    }

    @Override
    public boolean isIdle() {
        return idle;
    }

    @Override
    public long dueMillis() {
        return idle ? Long.MAX_VALUE : idleMillis - (clock.monotonicNanos() - sinceNanos) / 1_000_000;
    }

    @Override
    public void onClock(Outbox out) {
        idle = true;
    }

    @Override
    public Row checkpoint() {
        return time == Watermark.NONE ? Row.EMPTY : Row.of(TIME, time);
    }

    @Override
    public void restore(Row state) {
        time = timeOf(state);
        news = time != Watermark.NONE;
    }

    /** Of other tasks, the one that had come least far: rows of all of them may come here. */
    @Override
    public void rescale(TaskState before, TaskShare own) {
        long known = timeOf(before.checkpoint());
        time = restored ? Math.min(time, known) : known;
        restored = true;
        news = time != Watermark.NONE;
    }

    private static long timeOf(Row state) {
        return state.has(TIME) ? state.getLong(TIME) : Watermark.NONE;
    }
}
