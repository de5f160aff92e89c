package io.solstice.worker.task;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.id.StageId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads splits one after the other and asks for the next while it reads one, so that there is no gap. Used by the
 * task's thread, or by the {@link ReadAhead} thread; splits are assigned by any thread.
 */
public final class SourceInput implements SourceReading {
    private static final long FIRST_PATIENCE_NANOS = 5_000_000;
    private static final long LONGEST_PATIENCE_NANOS = 1_000_000_000;

    private final Source source;
    private final SourceContext context;
    private final SplitRequests requests;
    private final StageCounters counters;
    /** Whether it matters if there will be more, also while there is something to read. */
    private final boolean foresees;

    private final Clock clock;
    private final ConcurrentLinkedQueue<SplitStart> assigned = new ConcurrentLinkedQueue<>();
    private volatile boolean lastAssigned;
    private volatile String place = "";
    private volatile boolean asked;
    /** When the next question is due whether there will be more, and how long to wait for the one after. */
    private long askAgainNanos;

    private long patienceNanos = FIRST_PATIENCE_NANOS;
    private boolean ended;
    private int finished;
    private long rows;
    private long watermark = SplitStart.NO_TIME;
    private @Nullable Split current;
    private @Nullable SourceReader reader;

    /** How a source task gets work and tells what became of it. */
    public interface SplitRequests {
        /** @param ahead whether there is one to be read yet */
        void wanted(boolean ahead);

        void finished(Split split);
    }

    /**
     * Takes over the source.
     *
     * @param foresees whether it matters if there will be more splits, also while one is being read
     */
    public SourceInput(
            Source source,
            SourceContext context,
            SplitRequests requests,
            StageCounters counters,
            boolean foresees,
            Clock clock) {
        this.foresees = foresees;
        this.clock = clock;
        this.source = source;
        this.context = context;
        this.requests = requests;
        this.counters = counters;
    }

    /** Called by any thread, which then wakes the reading one. */
    public void assign(Iterable<SplitStart> splits, boolean last) {
        splits.forEach(assigned::add);
        lastAssigned |= last;
        asked = false;
    }

    @Override
    public @Nullable StreamElement poll() throws Exception {
        while (!ended) {
            SourceReader open = reader == null ? openNext() : reader;
            if (open == null) {
                return ended ? EndOfInput.INSTANCE : null;
            }
            if (foresees) {
                askAgain();
            }
            Batch batch = open.read();
            if (batch != null && batch.rowCount() > 0) {
                counters.addInput(batch.rowCount());
                counters.addOutput(batch.rowCount());
                rows += batch.rowCount();
                return batch;
            }
            if (batch != null) {
                batch.close();
            } else {
                closeReader();
            }
        }
        return null;
    }

    private @Nullable SourceReader openNext() throws Exception {
        // Read before the queue: what was assigned before the last-mark is in the queue by then.
        boolean last = lastAssigned;
        SplitStart next = assigned.poll();
        if (next == null) {
            ended = last;
            place = "";
            ask(last, false);
            return null;
        }
        current = next.split();
        rows = next.rows();
        watermark = next.watermark();
        place = "split '" + current.id() + "'";
        reader = source.open(current, next.rows(), context);
        ask(last || !assigned.isEmpty(), true);
        return reader;
    }

    /** One request at a time: {@link #assign} answers it. */
    private void ask(boolean enough, boolean ahead) {
        if (!enough && !asked) {
            asked = true;
            requests.wanted(ahead);
        }
    }

    /**
     * The splits that are left may be meant for others. They go to them soon, and then this one is the last, which is
     * what event time waits for.
     */
    private void askAgain() {
        if (lastAssigned || asked || !assigned.isEmpty()) {
            return;
        }
        long now = clock.monotonicNanos();
        if (now - askAgainNanos >= 0) {
            patienceNanos = Math.min(2 * patienceNanos, LONGEST_PATIENCE_NANOS);
            askAgainNanos = now + patienceNanos;
            ask(false, true);
        }
    }

    private void closeReader() throws Exception {
        SourceReader done = reader;
        Split split = current;
        reader = null;
        current = null;
        if (done != null && split != null) {
            done.close();
            finished++;
            rows = 0;
            watermark = SplitStart.NO_TIME;
            requests.finished(split);
        }
    }

    /** After what {@link #poll} returned last. */
    @Override
    public Reached reached() {
        return new Reached(finished, rows, place, watermark, lastAssigned && assigned.isEmpty());
    }

    @Override
    public SourcePosition position(Reached reached, long atWatermark) {
        return new SourcePosition(new StageId(context.stageId()), reached.finished(), reached.rows(), atWatermark);
    }

    /** This input is polled by the task itself, which is done with each batch when it asks for the next. */
    @Override
    public SourcePosition position() {
        return position(reached(), watermark);
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public void close() {
        try {
            if (reader != null) {
                reader.close();
            }
            source.close();
        } catch (Exception failure) {
            throw UserFailure.unchecked(failure);
        }
    }
}
