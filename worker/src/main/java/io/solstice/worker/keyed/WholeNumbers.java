package io.solstice.worker.keyed;

import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** Columns that are whole numbers beneath: integers, booleans, dates, times, timestamps and durations. */
public final class WholeNumbers {
    private WholeNumbers() {}

    public static boolean are(Field field) {
        return switch (field.getType().getTypeID()) {
            case Int, Bool, Date, Time, Timestamp, Duration -> true;
            default -> false;
        };
    }

    /** Reads all rows; what stands where a value is missing has no meaning. */
    public static void read(FieldVector vector, int rows, long[] values) {
        if (vector instanceof BitVector bits) {
            for (int i = 0; i < rows; i++) {
                values[i] = bits.getDataBuffer().getByte(i >>> 3) >>> (i & 7) & 1;
            }
            return;
        }
        long address = vector.getDataBuffer().memoryAddress();
        boolean unsigned = vector.getField().getType() instanceof ArrowType.Int type && !type.getIsSigned();
        switch (((BaseFixedWidthVector) vector).getTypeWidth()) {
            case 1 -> {
                int mask = unsigned ? 0xff : -1;
                for (int i = 0; i < rows; i++) {
                    values[i] = MemoryUtil.getByte(address + i) & mask;
                }
            }
            case 2 -> {
                int mask = unsigned ? 0xffff : -1;
                for (int i = 0; i < rows; i++) {
                    values[i] = vector.getDataBuffer().getShort((long) i << 1) & mask;
                }
            }
            case 4 -> {
                long mask = unsigned ? 0xffff_ffffL : -1L;
                for (int i = 0; i < rows; i++) {
                    values[i] = MemoryUtil.getInt(address + ((long) i << 2)) & mask;
                }
            }
            default -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = MemoryUtil.getLong(address + ((long) i << 3));
                }
            }
        }
    }

    /** Writes one value, which fits, into a vector with room; its validity is the caller's. */
    public static void write(FieldVector vector, int row, long value) {
        if (vector instanceof BitVector bits) {
            bits.set(row, (int) value);
            return;
        }
        long address = vector.getDataBuffer().memoryAddress();
        switch (((BaseFixedWidthVector) vector).getTypeWidth()) {
            case 1 -> MemoryUtil.putByte(address + row, (byte) value);
            case 2 -> vector.getDataBuffer().setShort((long) row << 1, (short) value);
            case 4 -> MemoryUtil.putInt(address + ((long) row << 2), (int) value);
            default -> MemoryUtil.putLong(address + ((long) row << 3), value);
        }
    }
}
