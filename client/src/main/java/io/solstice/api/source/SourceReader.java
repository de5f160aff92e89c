package io.solstice.api.source;

import io.solstice.exchange.batch.Batch;
import org.jspecify.annotations.Nullable;

/** Reads one split from its position to its end. Used by one thread. */
public interface SourceReader extends AutoCloseable {
    /** The next rows, handed over to the caller, or null at the end of the split. */
    @Nullable
    Batch read() throws Exception;

    @Override
    void close() throws Exception;
}
