package io.solstice.worker.record;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;

/** Columns that records are written into. Owns their memory until {@link #finish}. */
final class OutputColumns implements AutoCloseable {
    final long[] addresses;
    final Object[] sinks;
    private final List<FieldVector> vectors = new ArrayList<>();
    private final List<ArrowBuf> values = new ArrayList<>();
    private final List<ArrowBuf> validity = new ArrayList<>();
    private final BufferAllocator allocator;

    /** Whoever made it must close it, also after {@link #finish}. */
    OutputColumns(RecordShape shape, List<Field> fields, int rows, BufferAllocator allocator) {
        this.allocator = allocator;
        this.addresses = new long[fields.size() * RecordLoop.PER_COMPONENT];
        this.sinks = new Object[fields.size()];
        try {
            for (int i = 0; i < addresses.length / RecordLoop.PER_COMPONENT; i++) {
                add(shape.components().get(i), fields.get(i), rows);
            }
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    private void add(RecordShape.Component component, Field field, int rows) {
        int index = vectors.size();
        FieldVector vector = field.createVector(allocator);
        vectors.add(vector);
        if (!component.isDirect()) {
            sinks[index] = ComponentWriter.of(
                    component.genericType(), RowValues.fromComponent(component.genericType()), vector, rows);
            values.add(allocator.getEmpty());
            validity.add(allocator.getEmpty());
            return;
        }
        int width = ((BaseFixedWidthVector) vector).getTypeWidth();
        long bitBytes = (rows + 63L) >> 6 << 3;
        ArrowBuf data = allocator.buffer(width == 0 ? bitBytes : (long) rows * width);
        values.add(data);
        if (width == 0) {
            data.setZero(0, data.capacity());
        }
        ArrowBuf bits = component.isBoxed() ? allocator.buffer(bitBytes) : allocator.getEmpty();
        validity.add(bits);
        if (component.isBoxed()) {
            bits.setOne(0, bits.capacity());
            addresses[RecordLoop.PER_COMPONENT * index + 1] = bits.memoryAddress();
        }
        addresses[RecordLoop.PER_COMPONENT * index] = data.memoryAddress();
    }

    /** The columns, which belong to the caller from now on. */
    List<FieldVector> finish(int rows) {
        for (int i = 0; i < vectors.size(); i++) {
            if (sinks[i] instanceof ComponentWriter writer) {
                writer.finish(rows);
            } else {
                int nulls = validity.get(i).capacity() == 0 ? 0 : 1;
                vectors.get(i)
                        .loadFieldBuffers(new ArrowFieldNode(rows, nulls), List.of(validity.get(i), values.get(i)));
            }
        }
        List<FieldVector> finished = List.copyOf(vectors);
        vectors.clear();
        return finished;
    }

    @Override
    public void close() {
        vectors.forEach(FieldVector::close);
        values.forEach(ArrowBuf::close);
        validity.forEach(ArrowBuf::close);
        vectors.clear();
        values.clear();
        validity.clear();
    }
}
