package io.solstice.worker.keyed;

import io.solstice.exchange.batch.Bitmaps;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;

/** Which values of a vector are there. */
public final class Values {
    private Values() {}

    /**
     * Fills {@code present[0..rows)} and says true, or says false and fills nothing because no value is missing.
     */
    public static boolean someMissing(FieldVector vector, int rows, boolean[] present) {
        if (vector instanceof NullVector) {
            Arrays.fill(present, 0, rows, false);
            return rows > 0;
        }
        if (Bitmaps.nullCount(vector) == 0) {
            return false;
        }
        ArrowBuf bits = vector.getValidityBuffer();
        for (int i = 0; i < rows; i += 8) {
            int eight = bits.getByte(i >>> 3);
            for (int k = i; k < Math.min(i + 8, rows); k++) {
                present[k] = (eight >>> (k - i) & 1) != 0;
            }
        }
        return true;
    }

    /** Says that the first {@code rows} values of a new vector are all there. */
    public static void allPresent(FieldVector vector, int rows) {
        MemoryUtil.setMemory(vector.getValidityBuffer().memoryAddress(), (rows + 7L) >>> 3, (byte) 0xff);
    }

    /** Says that one value of a vector is there, whose bits are zero where nothing was said. */
    public static void present(FieldVector vector, int row) {
        long at = vector.getValidityBuffer().memoryAddress() + (row >>> 3);
        MemoryUtil.putByte(at, (byte) (MemoryUtil.getByte(at) | 1 << (row & 7)));
    }
}
