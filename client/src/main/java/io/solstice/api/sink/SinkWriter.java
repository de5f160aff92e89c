package io.solstice.api.sink;

import io.solstice.exchange.batch.Batch;
import org.jspecify.annotations.Nullable;

/** Writes the rows of one task. Used by one thread. */
public interface SinkWriter extends AutoCloseable {
    /** Writes the rows; the batch stays the caller's and is closed after the call. */
    void write(Batch batch) throws Exception;

    /** At a checkpoint of a sink that publishes at once: everything written so far must have left. */
    default void flush() throws Exception {}

    /**
     * Ends the writing; what it returns must survive a crash of the machine. Returns what {@code Sink.commit} needs to publish it, or null if there is nothing to publish.
     */
    @Nullable
    String seal() throws Exception;

    /** Called always, last. What was written and not sealed is removed. */
    @Override
    void close() throws Exception;
}
