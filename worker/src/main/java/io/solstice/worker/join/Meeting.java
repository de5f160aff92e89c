package io.solstice.worker.join;

import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import org.jspecify.annotations.Nullable;

/** Which rows of two inputs meet, and what is kept of them meanwhile. Used by the task's thread. */
interface Meeting extends AutoCloseable {
    /** Whether a row of that time comes too late. */
    boolean isLate(long time, long watermark);

    /**
     * Takes over rows, none of which is late.
     *
     * @param times of the rows, in microseconds; without meaning if the join is not timed
     */
    void add(int input, Batch rows, long[] times, Outbox out);

    /** One input has come to its end, and the other has not. */
    default void ended(int input, Outbox out) {}

    /** Event time has moved on. */
    default void advance(long before, long now, Outbox out) {}

    /** Both inputs have come to their ends. The watermark has been told before. */
    void finish(Outbox out);

    /** In how many milliseconds something is to be done. */
    default long dueMillis() {
        return Long.MAX_VALUE;
    }

    default void onClock(Outbox out) {}

    /** By how much results may be older than {@link Watermark}s that were told before. */
    long delayMicros();

    /** Adds everything that is kept to a checkpoint. */
    void save(Saving into);

    /**
     * Takes back a table that {@link #save} gave, or some of its rows.
     *
     * @return its name if all of it came; null if it is never named again
     */
    @Nullable
    Object load(SavedRows.Loaded loaded);

    @Override
    void close();
}
