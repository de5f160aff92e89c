package io.solstice.exchange.batch;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Validity bits and truth values, 64 at a time. Nothing behind the last byte of a buffer is read: buffers of other
 * libraries need not be padded.
 */
public final class Bitmaps {
    /** So many bits lie in 8 bytes wherever in the first byte they begin. */
    private static final int CHUNK = 56;

    private Bitmaps() {}

    /** Like {@link FieldVector#getNullCount}, without a check of bounds for each word. */
    public static int nullCount(FieldVector vector) {
        int rows = vector.getValueCount();
        if (!isFlat(vector) || vector.getValidityBuffer().capacity() < (rows + 7L) >>> 3) {
            return vector.getNullCount();
        }
        long address = vector.getValidityBuffer().memoryAddress();
        int set = 0;
        int at = 0;
        for (; at + 64 <= rows; at += 64) {
            set += Long.bitCount(MemoryUtil.getLong(address + (at >>> 3)));
        }
        for (; at < rows; at += 8) {
            int last = 0xff >>> Math.max(0, 8 - (rows - at));
            set += Integer.bitCount(MemoryUtil.getByte(address + (at >>> 3)) & last);
        }
        return rows - set;
    }

    private static boolean isFlat(FieldVector vector) {
        return vector instanceof BaseFixedWidthVector
                || vector instanceof BaseVariableWidthVector
                || vector instanceof BaseVariableWidthViewVector;
    }

    /** Writes the chosen bits one after the other, in as many bytes as they need. */
    static void gather(ArrowBuf from, ArrowBuf to, Selection selection) {
        long source = from.memoryAddress();
        long readable = from.capacity();
        long target = to.memoryAddress();
        long word = 0;
        int filled = 0;
        for (int run = 0; run < selection.runCount(); run++) {
            int at = selection.start(run);
            int end = at + selection.length(run);
            while (at < end) {
                int count = Math.min(end - at, CHUNK);
                long bits = bits(source, readable, at, count);
                at += count;
                word |= bits << filled;
                filled += count;
                if (filled >= 64) {
                    MemoryUtil.putLong(target, word);
                    target += 8;
                    filled -= 64;
                    // A chunk is shorter than a word, so some of it went into the word that is full.
                    word = bits >>> (count - filled);
                }
            }
        }
        for (int written = 0; written < filled; written += 8) {
            MemoryUtil.putByte(target++, (byte) (word >>> written));
        }
    }

    /** Bits {@code at} to {@code at + count}, of which there are 1 to {@link #CHUNK}. */
    private static long bits(long address, long readable, int at, int count) {
        long first = at >>> 3;
        long word = 0;
        if (first + 8 <= readable) {
            word = MemoryUtil.getLong(address + first);
        } else {
            int bytes = ((at & 7) + count + 7) >>> 3;
            for (int i = 0; i < bytes; i++) {
                word |= (MemoryUtil.getByte(address + first + i) & 0xffL) << (i << 3);
            }
        }
        return (word >>> (at & 7)) & (-1L >>> (64 - count));
    }
}
