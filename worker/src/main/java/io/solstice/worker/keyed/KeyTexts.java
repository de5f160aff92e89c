package io.solstice.worker.keyed;

import io.solstice.exchange.batch.Bitmaps;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** Where the texts or bytes of a column lie, of one batch after the other. Reused, so that it allocates only to grow. */
final class KeyTexts {
    private static final int MISSING = -1;

    private long[] starts = new long[0];
    private int[] lengths = new int[0];

    static boolean are(Field field) {
        return switch (field.getType().getTypeID()) {
            case Utf8, Binary, LargeUtf8, LargeBinary, Utf8View, BinaryView -> true;
            default -> false;
        };
    }

    /** Goes on with this vector; nothing is copied. */
    void read(FieldVector vector, int rows) {
        if (starts.length < rows) {
            starts = new long[rows];
            lengths = new int[rows];
        }
        int nulls = Bitmaps.nullCount(vector);
        Arrays.fill(lengths, 0, rows, nulls < rows ? 0 : MISSING);
        if (nulls == rows) {
            return;
        }
        for (int i = 0; i < rows && nulls > 0; i++) {
            lengths[i] = BitVectorHelper.get(vector.getValidityBuffer(), i) == 0 ? MISSING : 0;
        }
        if (vector instanceof BaseVariableWidthViewVector views) {
            readViews(views, rows);
        } else if (vector instanceof BaseVariableWidthVector texts) {
            long offsets = texts.getOffsetBuffer().memoryAddress();
            long data = texts.getDataBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                int start = MemoryUtil.getInt(offsets + ((long) i << 2));
                place(i, data + start, MemoryUtil.getInt(offsets + ((i + 1L) << 2)) - start);
            }
        } else {
            BaseLargeVariableWidthVector texts = (BaseLargeVariableWidthVector) vector;
            long offsets = texts.getOffsetBuffer().memoryAddress();
            long data = texts.getDataBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                long start = MemoryUtil.getLong(offsets + ((long) i << 3));
                place(i, data + start, (int) (MemoryUtil.getLong(offsets + ((i + 1L) << 3)) - start));
            }
        }
    }

    private void place(int row, long start, int length) {
        if (lengths[row] != MISSING) {
            starts[row] = start;
            lengths[row] = length;
        }
    }

    /**
     * A view is the length, then a short text itself, or four bytes of a longer one, the number of its buffer and its
     * place there. The view of a null is anything.
     */
    private void readViews(BaseVariableWidthViewVector vector, int rows) {
        List<ArrowBuf> buffers = vector.getDataBuffers();
        long[] addresses = new long[buffers.size()];
        for (int b = 0; b < addresses.length; b++) {
            addresses[b] = buffers.get(b).memoryAddress();
        }
        long views = vector.getDataBuffer().memoryAddress();
        for (int i = 0; i < rows; i++) {
            if (lengths[i] == MISSING) {
                continue;
            }
            long view = views + (long) i * BaseVariableWidthViewVector.ELEMENT_SIZE;
            int length = MemoryUtil.getInt(view);
            lengths[i] = length;
            starts[i] = length <= BaseVariableWidthViewVector.INLINE_SIZE
                    ? view + Integer.BYTES
                    : addresses[MemoryUtil.getInt(view + 2 * Integer.BYTES)]
                            + MemoryUtil.getInt(view + 3 * Integer.BYTES);
        }
    }

    boolean isMissing(int row) {
        return lengths[row] == MISSING;
    }

    /** The address of a text that is there. */
    long start(int row) {
        return starts[row];
    }

    /** Its bytes; of a text that is missing, less than 0. */
    int length(int row) {
        return lengths[row];
    }

    void copy(int row, byte[] to, int at) {
        MemoryUtil.copyFromMemory(starts[row], to, at, lengths[row]);
    }
}
