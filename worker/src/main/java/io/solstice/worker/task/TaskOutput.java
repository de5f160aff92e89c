package io.solstice.worker.task;

import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import java.util.List;

/** What stands behind a task's last operator: the roads to other tasks, or a sink. Used by the task's thread. */
public interface TaskOutput {
    /** Takes over the batch. Never refuses; see {@link #hasRoom}. */
    void take(Batch batch) throws Exception;

    void watermark(Watermark watermark) throws Exception;

    /** Nothing is known of event time until the next watermark. */
    void idle();

    /** Everything taken so far is before the barrier. Returns what a sink sealed; empty for anything else. */
    List<Committable> barrier(Barrier barrier) throws Exception;

    /** Sends on what waits, and says whether the task may make more; a barrier may come nevertheless. */
    boolean hasRoom();

    /** In how many nanoseconds there is something to be sent on that was held back; {@link Long#MAX_VALUE} for never. */
    default long dueNanos() {
        return Long.MAX_VALUE;
    }

    /** Sends on what is due by the clock. */
    default void onClock() throws Exception {}

    /** The input has ended. Called once, after the last batch. */
    void end() throws Exception;

    /** Sends on what waits, and says whether nothing waits any more. */
    boolean isFlushed();

    /** What a sink sealed at the end; empty for anything else. */
    List<Committable> sealed();

    /** Drops what waits; a sink removes what was not sealed. */
    void close() throws Exception;
}
