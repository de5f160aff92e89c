package io.solstice.worker.expression;

import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Texts and bytes that are stored as views, as compiled loops read them. A view is the length, then a short text itself,
 * or four bytes of a longer one, the number of its buffer and its place there.
 */
final class ViewTexts {
    /** A view has 2 to the power of this bytes. */
    static final int SHIFT = Integer.numberOfTrailingZeros(BaseVariableWidthViewVector.ELEMENT_SIZE);

    private ViewTexts() {}

    static boolean are(ArrowType type) {
        return type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView;
    }

    /** The length of a text, 0 of one that is null. */
    static int length(long view, int isNull) {
        return isNull != 0 ? 0 : MemoryUtil.getInt(view);
    }

    /** Where a text lies. @param buffers the addresses of the buffers of longer texts */
    static long start(long view, int length, long buffers) {
        if (length <= BaseVariableWidthViewVector.INLINE_SIZE) {
            return view + Integer.BYTES;
        }
        long buffer = (long) MemoryUtil.getInt(view + 2 * Integer.BYTES) * Long.BYTES;
        return MemoryUtil.getLong(buffers + buffer) + MemoryUtil.getInt(view + 3 * Integer.BYTES);
    }
}
