package io.solstice.worker.task;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import java.util.function.Consumer;

/**
 * Makes fewer rows of those that go along one edge, before they are divided among its channels. It may hold them back for
 * a moment, but nothing past a barrier or the end. Used by the sending task's thread.
 */
public interface Condenser {
    /** Takes over the batch, and hands on what is not held back. */
    void take(Batch batch, Consumer<Batch> onward);

    /** The watermark is sent next: hands on what must come before it. */
    void watermark(Watermark watermark, Consumer<Batch> onward);

    /** That nothing is known of event time is said next. */
    void idle(Consumer<Batch> onward);

    /** Where the rows go time waits for this task again, and has come so far meanwhile, or less far. */
    void resume(long watermark);

    /** Hands on all that is held back. */
    void flush(Consumer<Batch> onward);

    /** In how many nanoseconds something has been held back for long enough; {@link Long#MAX_VALUE} if nothing is. */
    long dueNanos();
}
