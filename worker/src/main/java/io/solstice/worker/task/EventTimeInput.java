package io.solstice.worker.task;

import io.solstice.api.time.Watermarks;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskTime;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import io.solstice.worker.time.TimeColumn;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads splits and says how far event time has come. Each split has a time of its own, which goes on where it was when
 * the reading of the split is taken up again. What the task says is the time of the split that it reads, once there is no
 * other that it might be given and whose rows could be older.
 */
public final class EventTimeInput implements SourceReading {
    /** How long a task that is ahead waits before it looks again. */
    private static final long AHEAD_NANOS = 5_000_000;

    private final SourceReading source;
    private final String name;
    private final boolean splitsInOrder;
    private final long delayMicros;
    private final long idleNanos;
    private final Clock clock;
    /** In the group of sources that it is to stay near; null if there is none. */
    private final AlignedGroup.@Nullable Member aligned;

    /** Of the batches' schema, which seldom changes. */
    private @Nullable TimeColumn column;

    private @Nullable Schema schema;
    private Reached reached = NOTHING;
    /** Of the split that is being read, which the number of those before it tells. */
    private long splitTime = SplitStart.NO_TIME;

    private int splitNumber;
    private long said = SplitStart.NO_TIME;
    private boolean idle;
    /** Since when nothing has come; only while {@link #quiet}. */
    private long quietNanos;

    private boolean quiet;
    /** Whether the others of its group do not wait for it. */
    private boolean resting;

    private @Nullable StreamElement next;
    private volatile String holder = "";
    private volatile boolean ahead;

    private static final Reached NOTHING = new Reached(0, 0, "", SplitStart.NO_TIME, false);

    /** Takes over the source. */
    public EventTimeInput(SourceReading source, Watermarks rule, AlignedGroup.@Nullable Member aligned, Clock clock) {
        this.aligned = aligned;
        this.source = source;
        this.name = rule.column();
        this.splitsInOrder = rule.splitsInOrder();
        this.delayMicros = rule.delay().toNanos() / 1_000;
        this.idleNanos = rule.idleTimeout().toNanos();
        this.clock = clock;
    }

    @Override
    public @Nullable StreamElement poll() throws Exception {
        StreamElement due = next;
        if (due != null) {
            next = null;
            return due;
        }
        if (aligned != null && aligned.isAhead()) {
            ahead = true;
            quiet = false;
            return null;
        }
        ahead = false;
        StreamElement element = source.poll();
        if (element instanceof Batch batch) {
            quiet = false;
            resting = false;
            follow(source.reached());
            splitTime = Math.max(splitTime, before(column(batch).latest(batch, SplitStart.NO_TIME)));
            next = time();
            if (aligned != null && splitTime != SplitStart.NO_TIME) {
                aligned.reached(splitTime);
            }
        } else if (element == null) {
            // A split that goes on where it was has a time before its first row; and the last one may have become so.
            follow(source.reached());
            StreamElement risen = idle ? null : time();
            return risen != null ? risen : rest();
        } else {
            holder = "";
            if (aligned != null) {
                aligned.rests();
            }
        }
        return element;
    }

    private TimeColumn column(Batch batch) {
        TimeColumn known = column;
        if (known == null || batch.schema() != schema) {
            known = TimeColumn.of(batch.schema(), name);
            column = known;
            schema = batch.schema();
        }
        return known;
    }

    private long before(long latest) {
        return latest < SplitStart.NO_TIME + delayMicros ? SplitStart.NO_TIME : latest - delayMicros;
    }

    private void follow(Reached now) {
        if (now.finished() != splitNumber) {
            splitNumber = now.finished();
            splitTime = SplitStart.NO_TIME;
        }
        splitTime = Math.max(splitTime, now.watermark());
        if (now.last() != reached.last() || !now.place().equals(reached.place())) {
            holder = !now.last() && !splitsInOrder
                    ? "splits that are not read yet"
                    : now.place().isEmpty() ? "the next split" : now.place();
        }
        reached = now;
    }

    private boolean isHeld() {
        return !reached.last() && !splitsInOrder;
    }

    /** What is new about event time, with a row at hand or the time of a split that is taken up again. */
    private @Nullable StreamElement time() {
        boolean rises = !isHeld() && splitTime > said;
        if (!rises && !idle) {
            return null;
        }
        idle = false;
        said = rises ? splitTime : said;
        return new Watermark(said);
    }

    /** There is nothing to be had. */
    private @Nullable StreamElement rest() {
        if (idle || isHeld() && (aligned == null || resting)) {
            return null;
        }
        if (!quiet) {
            quiet = true;
            quietNanos = clock.monotonicNanos();
        }
        if (clock.monotonicNanos() - quietNanos < idleNanos) {
            return null;
        }
        if (aligned != null) {
            aligned.rests();
            resting = true;
        }
        if (isHeld()) {
            return null;
        }
        idle = true;
        return Idle.INSTANCE;
    }

    @Override
    public long dueNanos() {
        if (ahead) {
            return AHEAD_NANOS;
        }
        return quiet && !idle && !resting
                ? Math.max(1, quietNanos + idleNanos - clock.monotonicNanos())
                : Long.MAX_VALUE;
    }

    @Override
    public Reached reached() {
        return source.reached();
    }

    @Override
    public SourcePosition position(Reached at, long watermark) {
        return source.position(at, watermark);
    }

    @Override
    public SourcePosition position() {
        SourcePosition position = source.position();
        long time = position.finished() == splitNumber ? splitTime : SplitStart.NO_TIME;
        return new SourcePosition(
                position.source(), position.finished(), position.rows(), Math.max(time, position.watermark()));
    }

    @Override
    public String place() {
        return source.place();
    }

    @Override
    public String timeHolder() {
        return holder;
    }

    @Override
    public TaskTime time(long watermark, boolean isIdle) {
        AlignedGroup.Member member = aligned;
        if (member == null) {
            return new TaskTime(watermark, isIdle, holder);
        }
        String waits = ahead ? "the others of '" + member.group() + "' to come near" : holder;
        return new TaskTime(watermark, isIdle, waits, member.group(), member.told());
    }

    @Override
    public void close() {
        source.close();
    }
}
