package io.solstice.bench.adclick;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns of one batch while it is written, all without nulls: texts of pools, as views that refer to the pool's
 * bytes, and numbers of eight bytes.
 */
final class TextBatch {
    private static final int VIEW = 16;

    private final Schema schema;
    private final BufferAllocator allocator;
    private final int rows;
    private final ArrowBuf valid;
    private final List<FieldVector> columns = new ArrayList<>();

    TextBatch(Schema schema, BufferAllocator allocator, int rows) {
        this.schema = schema;
        this.allocator = allocator;
        this.rows = rows;
        long bytes = (rows + 63L) >>> 6 << 3;
        this.valid = allocator.buffer(bytes);
        valid.setOne(0, bytes);
    }

    /** Adds the next column. Returns the address of its views, which the caller writes with {@link #put}. */
    long texts(ArrowBuf pool) {
        return column(VIEW, pool);
    }

    /** Adds the next column. Returns the address of its numbers. */
    long numbers() {
        return column(Long.BYTES);
    }

    private long column(int width, ArrowBuf... pools) {
        ArrowBuf data = allocator.buffer((long) rows * width);
        FieldVector vector = schema.getFields().get(columns.size()).createVector(allocator);
        List<ArrowBuf> buffers = new ArrayList<>(List.of(valid, data));
        buffers.addAll(List.of(pools));
        // The null count matters only where no bitmap is given.
        vector.loadFieldBuffers(new ArrowFieldNode(rows, 0), buffers);
        columns.add(vector);
        data.close();
        return vector.getDataBufferAddress();
    }

    /** @param views of a pool, from which one is chosen for a row */
    static void put(long address, int row, long[] views, int index) {
        long at = address + ((long) row << 4);
        MemoryUtil.putLong(at, views[2 * index]);
        MemoryUtil.putLong(at + 8, views[2 * index + 1]);
    }

    /** All columns, owned by the caller. */
    Batch build() {
        valid.close();
        return Batch.of(schema, columns, rows);
    }
}
