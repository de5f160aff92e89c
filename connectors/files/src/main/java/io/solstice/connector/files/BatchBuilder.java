package io.solstice.connector.files;

import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Gathers decoded rows into batches of a number of rows, or fewer where the rows are large. The vectors stay the same
 * from batch to batch, so that decoders can hold on to them; their buffers go away with each batch.
 */
final class BatchBuilder implements AutoCloseable {
    private static final long LARGE_BATCH_BYTES = 16L << 20;

    private final VectorSchemaRoot root;
    private final BufferAllocator allocator;
    private final int mostRows;
    private int rowCount;
    private long inputBytes;

    BatchBuilder(Schema schema, int mostRows, BufferAllocator allocator) {
        this.root = VectorSchemaRoot.create(schema, allocator);
        this.allocator = allocator;
        this.mostRows = mostRows;
    }

    List<FieldVector> vectors() {
        return root.getFieldVectors();
    }

    void begin() {
        rowCount = 0;
        inputBytes = 0;
        for (FieldVector vector : root.getFieldVectors()) {
            vector.setInitialCapacity(Math.min(mostRows, 8192));
            vector.allocateNew();
        }
    }

    /** The index of the row that is being decoded. */
    int rowCount() {
        return rowCount;
    }

    void endRow(long bytesOfInput) {
        rowCount++;
        inputBytes += bytesOfInput;
    }

    boolean isFull() {
        return rowCount >= mostRows || inputBytes >= LARGE_BATCH_BYTES;
    }

    /** The rows since {@link #begin}, handed over, or null if there are none. */
    @Nullable
    Batch finish() {
        if (rowCount == 0) {
            root.clear();
            return null;
        }
        root.setRowCount(rowCount);
        return Batch.transferFrom(root, allocator);
    }

    @Override
    public void close() {
        root.close();
    }
}
