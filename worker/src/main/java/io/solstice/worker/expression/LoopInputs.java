package io.solstice.worker.expression;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Bitmaps;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.complex.StructVector;

/**
 * The addresses of what a loop reads, for one batch. Owns the temporaries of that batch, stand-ins for the buffers that
 * a vector may leave out, and lists of addresses.
 */
final class LoopInputs implements AutoCloseable {
    private final Batch batch;
    private final int rows;
    private final BufferAllocator allocator;
    private final List<ArrowBuf> standIns = new ArrayList<>();
    private final List<FieldVector> temporaries = new ArrayList<>();
    private boolean nulls;

    /** For the given batch; whoever made it must close it, also if {@link #bind} fails. */
    LoopInputs(Batch batch, BufferAllocator allocator) {
        this.batch = batch;
        this.rows = batch.rowCount();
        this.allocator = allocator;
    }

    /** Computes the temporaries and fills in the addresses of the inputs. */
    void bind(LoopPlan plan, List<Typed.Stored> inputs, long[] addresses) {
        for (Typed temporary : plan.temporaries()) {
            temporaries.add(InterpretedColumn.compute(temporary, batch, allocator));
        }
        int at = Loop.FIRST_INPUT;
        List<List<FieldVector>> paths = new ArrayList<>();
        for (Typed.Stored input : inputs) {
            List<FieldVector> path = path(input);
            paths.add(path);
            path.forEach(vector -> nulls |= Bitmaps.nullCount(vector) > 0);
            FieldVector leaf = path.get(path.size() - 1);
            addresses[at] = values(leaf, input);
            addresses[at + 1] = offsets(leaf);
            at += Loop.PER_INPUT;
        }
        for (int i = 0; i < paths.size() && nulls; i++) {
            addresses[Loop.FIRST_INPUT + i * Loop.PER_INPUT + 2] = validity(paths.get(i));
        }
    }

    /** Whether any input has a null. */
    boolean haveNulls() {
        return nulls;
    }

    private List<FieldVector> path(Typed.Stored input) {
        if (input instanceof Typed.Temporary temporary) {
            return List.of(temporaries.get(temporary.index()));
        }
        Typed.ColumnValue column = (Typed.ColumnValue) input;
        List<FieldVector> path = new ArrayList<>();
        FieldVector vector = batch.column(column.column());
        path.add(vector);
        for (int index : column.path()) {
            vector = (FieldVector) ((StructVector) vector).getChildByOrdinal(index);
            path.add(vector);
        }
        return path;
    }

    /** A vector of nothing but nulls may come without values. */
    private long values(FieldVector vector, Typed.Stored input) {
        if (!input.lane().isPrimitive()) {
            boolean bytes = hasOffsets(vector)
                    || vector instanceof FixedSizeBinaryVector
                    || vector instanceof BaseVariableWidthViewVector;
            return bytes ? vector.getDataBuffer().memoryAddress() : 0;
        }
        int width = ((BaseFixedWidthVector) vector).getTypeWidth();
        long needed = width == 0 ? (rows + 7L) >> 3 : (long) rows * width;
        ArrowBuf values = vector.getDataBuffer();
        return values.capacity() >= needed
                ? values.memoryAddress()
                : standIn(needed, 0).memoryAddress();
    }

    /** Nested types have none; loops only test them for null. */
    private static boolean hasOffsets(FieldVector vector) {
        return vector instanceof BaseVariableWidthVector || vector instanceof BaseLargeVariableWidthVector;
    }

    /** For views, the addresses of the buffers that they point into. */
    private long offsets(FieldVector vector) {
        if (!(vector instanceof BaseVariableWidthViewVector views)) {
            return hasOffsets(vector) ? vector.getOffsetBuffer().memoryAddress() : 0;
        }
        List<ArrowBuf> buffers = views.getDataBuffers();
        if (buffers.isEmpty()) {
            return 0;
        }
        ArrowBuf addresses = allocator.buffer((long) buffers.size() * Long.BYTES);
        standIns.add(addresses);
        for (int i = 0; i < buffers.size(); i++) {
            addresses.setLong((long) i * Long.BYTES, buffers.get(i).memoryAddress());
        }
        return addresses.memoryAddress();
    }

    private long validity(List<FieldVector> path) {
        FieldVector leaf = path.get(path.size() - 1);
        int bytes = BitVectorHelper.getValidityBufferSizeFromCount(rows);
        List<FieldVector> withNulls =
                path.stream().filter(vector -> Bitmaps.nullCount(vector) > 0).toList();
        if (withNulls.isEmpty()) {
            ArrowBuf bits = leaf.getValidityBuffer();
            return bits.capacity() >= bytes
                    ? bits.memoryAddress()
                    : standIn(bytes, 0xff).memoryAddress();
        } else if (withNulls.size() == 1) {
            return withNulls.get(0).getValidityBuffer().memoryAddress();
        }
        ArrowBuf all = standIn(bytes, 0xff);
        for (FieldVector vector : withNulls) {
            for (int i = 0; i < bytes; i++) {
                all.setByte(i, all.getByte(i) & vector.getValidityBuffer().getByte(i));
            }
        }
        return all.memoryAddress();
    }

    private ArrowBuf standIn(long bytes, int content) {
        ArrowBuf buffer = allocator.buffer(bytes);
        standIns.add(buffer);
        for (long i = 0; i < bytes; i++) {
            buffer.setByte(i, content);
        }
        return buffer;
    }

    @Override
    public void close() {
        standIns.forEach(ArrowBuf::close);
        temporaries.forEach(FieldVector::close);
    }
}
