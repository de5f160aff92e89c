package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Makes Arrow batches of events. A batch owns its values; the bitmap of the rows of a kind is shared by the columns of
 * that kind, and the data of the string pools by all batches.
 */
public final class NexmarkBatches implements EventBatches {
    public static final int ROWS = 8192;

    private final BufferAllocator allocator;
    private final ColumnGenerator generator;
    private final @Nullable ArrowBuf[] pools = new ArrowBuf[NexmarkColumn.ALL.size()];
    private final ArrowBuf[] values = new ArrowBuf[NexmarkColumn.ALL.size()];
    private final ArrowBuf[] bits = new ArrowBuf[Nexmark.ANY + 1];
    private final long[] valueAddresses = new long[values.length];
    private final long[] bitAddresses = new long[bits.length];

    /** Of the events {@code first, first + stride, …}. */
    public NexmarkBatches(BufferAllocator allocator, long seed, long first, long stride) {
        this.allocator = allocator;
        this.generator = new ColumnGenerator(seed, first, stride);
        for (NexmarkColumn column : NexmarkColumn.ALL) {
            StringPool pool = column.pool();
            pools[column.ordinal()] = pool == null ? null : pool.buffer(allocator);
        }
    }

    public static Schema schema() {
        return NexmarkColumn.SCHEMA;
    }

    @Override
    public Batch make(long position, int rows) {
        for (int i = 0; i < bits.length; i++) {
            bits[i] = allocator.buffer((rows + 63L) >>> 6 << 3);
            bitAddresses[i] = bits[i].memoryAddress();
        }
        for (NexmarkColumn column : NexmarkColumn.ALL) {
            ArrowBuf buffer = allocator.buffer((long) rows * column.width());
            values[column.ordinal()] = buffer;
            valueAddresses[column.ordinal()] = buffer.memoryAddress();
        }
        generator.fill(position, rows, valueAddresses, bitAddresses);
        List<FieldVector> vectors = new ArrayList<>(values.length);
        for (NexmarkColumn column : NexmarkColumn.ALL) {
            vectors.add(vector(column, rows));
        }
        for (ArrowBuf kind : bits) {
            kind.close();
        }
        return Batch.of(NexmarkColumn.SCHEMA, vectors, rows);
    }

    /** The vectors of a batch that is written over and over. */
    void refill(Batch batch, long position) {
        for (NexmarkColumn column : NexmarkColumn.ALL) {
            FieldVector vector = batch.column(column.ordinal());
            valueAddresses[column.ordinal()] = vector.getDataBufferAddress();
            bitAddresses[column.kind()] = vector.getValidityBufferAddress();
        }
        generator.fill(position, batch.rowCount(), valueAddresses, bitAddresses);
    }

    private FieldVector vector(NexmarkColumn column, int rows) {
        FieldVector vector =
                NexmarkColumn.SCHEMA.getFields().get(column.ordinal()).createVector(allocator);
        ArrowBuf data = values[column.ordinal()];
        ArrowBuf pool = pools[column.ordinal()];
        // The null count matters only where no bitmap is given.
        ArrowFieldNode node = new ArrowFieldNode(rows, 0);
        ArrowBuf validity = bits[column.kind()];
        vector.loadFieldBuffers(node, pool == null ? List.of(validity, data) : List.of(validity, data, pool));
        data.close();
        return vector;
    }

    @Override
    public void close() {
        for (ArrowBuf pool : pools) {
            if (pool != null) {
                pool.close();
            }
        }
    }
}
