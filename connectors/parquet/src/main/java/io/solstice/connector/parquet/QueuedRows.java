package io.solstice.connector.parquet;

import io.solstice.exchange.batch.Batch;
import io.solstice.spi.BatchQueue;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/** A queue of batches as the stream that DuckDB pulls from, on its own thread. Buffers are shared, not copied. */
final class QueuedRows extends ArrowReader {
    private final BatchQueue queue;
    private final Schema wire;

    QueuedRows(BatchQueue queue, Schema wire, BufferAllocator allocator) {
        super(allocator);
        this.queue = queue;
        this.wire = wire;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        prepareLoadNextBatch();
        Batch batch = queue.take();
        if (batch == null) {
            // Also if the writing was given up: the file is removed then. An error at this point can leave DuckDB 2.0
            // waiting for its own lock, when rows are being written beside it.
            return false;
        }
        try (batch;
                ArrowRecordBatch buffers = new VectorUnloader(batch.asRoot()).getRecordBatch()) {
            new VectorLoader(getVectorSchemaRoot()).load(buffers);
        }
        return true;
    }

    @Override
    protected Schema readSchema() {
        return wire;
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    protected void closeReadSource() {
        queue.abandon();
    }
}
