package io.solstice.worker.task;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.id.StageId;
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
public final class SourceInput implements TaskInput {
    private final Source source;
    private final SourceContext context;
    private final SplitRequests requests;
    private final StageCounters counters;
    private final ConcurrentLinkedQueue<SplitStart> assigned = new ConcurrentLinkedQueue<>();
    private volatile boolean lastAssigned;
    private volatile String place = "";
    private volatile boolean asked;
    private boolean ended;
    private int finished;
    private long rows;
    private @Nullable Split current;
    private @Nullable SourceReader reader;

    /**
     * How far a reading has come.
     *
     * @param finished splits that were read to their end, in the order of their assignment
     * @param rows of the next one, counted from its first row, whether this input read them or an earlier one
     * @param place of what is being read, for error messages
     */
    record Reached(int finished, long rows, String place) {}

    /** How a source task gets work and tells what became of it. */
    public interface SplitRequests {
        void wanted();

        void finished(Split split);
    }

    /** Takes over the source. */
    public SourceInput(Source source, SourceContext context, SplitRequests requests, StageCounters counters) {
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
            ask(last);
            return null;
        }
        current = next.split();
        rows = next.rows();
        place = "split '" + current.id() + "'";
        reader = source.open(current, next.rows(), context);
        ask(last || !assigned.isEmpty());
        return reader;
    }

    /** One request at a time: {@link #assign} answers it. */
    private void ask(boolean enough) {
        if (!enough && !asked) {
            asked = true;
            requests.wanted();
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
            requests.finished(split);
        }
    }

    /** After what {@link #poll} returned last. */
    Reached reached() {
        return new Reached(finished, rows, place);
    }

    SourcePosition position(Reached reached) {
        return new SourcePosition(new StageId(context.stageId()), reached.finished(), reached.rows());
    }

    /** This input is polled by the task itself, which is done with each batch when it asks for the next. */
    @Override
    public SourcePosition position() {
        return position(reached());
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
