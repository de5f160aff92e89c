package io.solstice.worker.record;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** The addresses and readers of the columns of one batch that a record is made of. */
final class InputColumns implements AutoCloseable {
    final long[] addresses;
    final ComponentReader[] readers;
    private final List<ArrowBuf> standIns = new ArrayList<>();
    private boolean nulls;

    InputColumns(InputBinding binding, Batch batch, BufferAllocator allocator) {
        addresses = new long[binding.size() * RecordLoop.PER_COMPONENT];
        readers = new ComponentReader[binding.size()];
        for (int i = 0; i < binding.size(); i++) {
            FieldVector vector = batch.column(binding.columns()[i]);
            RecordShape.Component component = binding.component(i);
            if (component.isDirect()) {
                nulls |= vector.getNullCount() > 0;
                addresses[RecordLoop.PER_COMPONENT * i] = vector.getDataBuffer().memoryAddress();
            } else {
                readers[i] = ComponentReader.of(
                        component.genericType(), binding.toComponents().get(i), vector);
            }
        }
        if (nulls) {
            bindValidity(binding, batch, allocator);
        }
    }

    private void bindValidity(InputBinding binding, Batch batch, BufferAllocator allocator) {
        try {
            for (int i = 0; i < binding.size(); i++) {
                if (binding.component(i).isDirect()) {
                    FieldVector vector = batch.column(binding.columns()[i]);
                    addresses[RecordLoop.PER_COMPONENT * i + 1] = validity(vector, batch.rowCount(), allocator);
                }
            }
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    boolean haveNulls() {
        return nulls;
    }

    /** A vector without nulls may come without validity bits. */
    private long validity(FieldVector vector, int rows, BufferAllocator allocator) {
        int bytes = BitVectorHelper.getValidityBufferSizeFromCount(rows);
        ArrowBuf bits = vector.getValidityBuffer();
        if (bits.capacity() < bytes) {
            bits = allocator.buffer(bytes);
            standIns.add(bits);
            bits.setOne(0, (long) bytes);
        }
        return bits.memoryAddress();
    }

    @Override
    public void close() {
        standIns.forEach(ArrowBuf::close);
    }
}
