package io.solstice.connector.lance;

import io.solstice.exchange.batch.Batch;
import io.solstice.spi.BatchQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a queue as the reader that Arrow's C stream wants. Called by a thread of Lance, which holds one batch
 * at a time; closed by Lance when it has let the stream go.
 */
final class QueuedRows extends ArrowReader {
    private final BatchQueue queue;
    private final Schema schema;
    private final VectorSchemaRoot beforeFirst;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Batch current;

    QueuedRows(BatchQueue queue, Schema schema, BufferAllocator allocator) {
        super(allocator);
        this.queue = queue;
        this.schema = schema;
        this.beforeFirst = VectorSchemaRoot.create(schema, allocator);
    }

    @Override
    public boolean loadNextBatch() {
        letGo();
        current = queue.take();
        return current != null;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return current == null ? beforeFirst : current.asRoot();
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public void close(boolean closeReadChannel) {
        letGo();
        beforeFirst.close();
        closed.countDown();
    }

    @Override
    protected void closeReadSource() {}

    @Override
    protected Schema readSchema() {
        return schema;
    }

    /** Whether Lance closed this reader in time. */
    boolean awaitClosed(long seconds) throws InterruptedException {
        return closed.await(seconds, TimeUnit.SECONDS);
    }

    private void letGo() {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
