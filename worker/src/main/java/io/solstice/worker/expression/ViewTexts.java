package io.solstice.worker.expression;

import io.solstice.exchange.batch.Bitmaps;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.types.pojo.Field;

/** Texts and bytes that are stored as views, laid out one behind the other, as compiled loops read them. */
final class ViewTexts {
    private static final int VIEW_BYTES = BaseVariableWidthViewVector.ELEMENT_SIZE;

    private ViewTexts() {}

    /** @param field of the result: of texts or bytes with offsets of 32 bits */
    static BaseVariableWidthVector laidOut(
            BaseVariableWidthViewVector from, int rows, Field field, BufferAllocator allocator) {
        BaseVariableWidthVector to = (BaseVariableWidthVector) field.createVector(allocator);
        try {
            boolean nulls = Bitmaps.nullCount(from) > 0;
            long views = from.getDataBuffer().memoryAddress();
            ArrowBuf validity = from.getValidityBuffer();
            long bytes = 0;
            for (int row = 0; row < rows; row++) {
                bytes += nulls && isNull(validity, row) ? 0 : MemoryUtil.getInt(views + (long) row * VIEW_BYTES);
            }
            to.allocateNew(bytes, Math.max(1, rows));
            long validityBytes = BitVectorHelper.getValidityBufferSizeFromCount(rows);
            if (nulls) {
                to.getValidityBuffer().setBytes(0, validity, 0, validityBytes);
            } else {
                to.getValidityBuffer().setOne(0, validityBytes);
            }
            long offsets = to.getOffsetBuffer().memoryAddress();
            long data = to.getDataBuffer().memoryAddress();
            int end = 0;
            MemoryUtil.putInt(offsets, 0);
            for (int row = 0; row < rows; row++) {
                if (!nulls || !isNull(validity, row)) {
                    end += copy(from, views + (long) row * VIEW_BYTES, data + end);
                }
                MemoryUtil.putInt(offsets + (row + 1L) * Integer.BYTES, end);
            }
            to.setLastSet(rows - 1);
            to.setValueCount(rows);
            return to;
        } catch (RuntimeException | Error failure) {
            to.close();
            throw failure;
        }
    }

    private static boolean isNull(ArrowBuf validity, int row) {
        return BitVectorHelper.get(validity, row) == 0;
    }

    /** A view is the length, then a short text itself, or four bytes of a longer one, its buffer and its place there. */
    private static int copy(BaseVariableWidthViewVector from, long view, long to) {
        int length = MemoryUtil.getInt(view);
        long source = view + Integer.BYTES;
        if (length > BaseVariableWidthViewVector.INLINE_SIZE) {
            ArrowBuf buffer = from.getDataBuffers().get(MemoryUtil.getInt(view + 2 * Integer.BYTES));
            source = buffer.memoryAddress() + MemoryUtil.getInt(view + 3 * Integer.BYTES);
        }
        MemoryUtil.copyMemory(source, to, length);
        return length;
    }
}
