package io.solstice.worker.record;

import io.solstice.api.row.ValueWriter;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of a component that is an object into one vector, in rising order of rows; rows may be left out.
 */
interface ComponentWriter {
    void write(int row, @Nullable Object value);

    /** Ends the vector after so many rows. */
    void finish(int rows);

    /** @param vector without buffers yet; it gets some for so many rows */
    static ComponentWriter of(Type type, Function<Object, Object> fromComponent, FieldVector vector, int rows) {
        if (type == String.class && vector instanceof VarCharVector texts) {
            return new Texts(texts, rows);
        }
        vector.setInitialCapacity(rows);
        vector.allocateNew();
        ValueWriter values = ValueWriter.of(vector);
        return new ComponentWriter() {
            @Override
            public void write(int row, @Nullable Object value) {
                values.write(row, value == null ? null : fromComponent.apply(value));
            }

            @Override
            public void finish(int count) {
                vector.setValueCount(count);
            }
        };
    }

    /** Texts. Those of ASCII alone, nearly all, are written without an array between. */
    final class Texts implements ComponentWriter {
        private static final int USUAL_LENGTH = 16;

        private final VarCharVector vector;
        private final long offsets;
        private long data;
        private long capacity;
        private int end;
        private int next;

        Texts(VarCharVector vector, int rows) {
            this.vector = vector;
            vector.allocateNew((long) rows * USUAL_LENGTH, Math.max(1, rows));
            this.offsets = vector.getOffsetBuffer().memoryAddress();
            this.data = vector.getDataBuffer().memoryAddress();
            this.capacity = vector.getDataBuffer().capacity();
        }

        @Override
        public void write(int row, @Nullable Object value) {
            startRow(row);
            if (value != null) {
                BitVectorHelper.setBit(vector.getValidityBuffer(), row);
                append((String) value);
            }
            MemoryUtil.putInt(offsets + ((long) next << 2), end);
        }

        /** Rows that were left out are empty. */
        private void startRow(int row) {
            while (next <= row) {
                MemoryUtil.putInt(offsets + ((long) next << 2), end);
                next++;
            }
        }

        private void append(String text) {
            int length = text.length();
            reserve(length);
            long at = data + end;
            for (int i = 0; i < length; i++) {
                char c = text.charAt(i);
                if (c >= 0x80) {
                    appendBytes(text.getBytes(StandardCharsets.UTF_8));
                    return;
                }
                MemoryUtil.putByte(at + i, (byte) c);
            }
            end += length;
        }

        private void appendBytes(byte[] bytes) {
            reserve(bytes.length);
            MemoryUtil.copyToMemory(bytes, 0, data + end, bytes.length);
            end += bytes.length;
        }

        private void reserve(int length) {
            if (length > capacity - end) {
                vector.reallocDataBuffer(Math.max(capacity * 2, (long) end + length));
                data = vector.getDataBuffer().memoryAddress();
                capacity = vector.getDataBuffer().capacity();
            }
        }

        @Override
        public void finish(int rows) {
            startRow(rows);
            vector.setLastSet(rows - 1);
            vector.setValueCount(rows);
        }
    }
}
