package io.solstice.exchange.partition;

import io.solstice.common.error.ErrorCode;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.ArrowBufPointer;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The hash that decides which key group a key belongs to. It is frozen: state on disk is divided by it, so any change
 * would send keys to the wrong task after a restore. {@code docs/key-hash.md} describes it and {@code KeyHashTest}
 * holds test vectors.
 *
 * <p>Each column value becomes 64 bits: whole numbers are widened, so that equal numbers of different widths hash
 * alike; floats are widened to double, with one zero and one NaN; texts and other bytes are folded 8 bytes at a time,
 * however they are laid out; null is a constant. Columns are combined in order. The mixing function is the finaliser of
 * MurmurHash3 (Appleby, public domain).
 */
public final class KeyHash {
    private static final long SEED = 0x9e3779b97f4a7c15L;
    private static final long NULL = 0x6e756c6c6e756c6cL;

    private KeyHash() {}

    /** Hashes {@code rows} rows of the key columns into {@code hashes[0..rows)}. */
    public static void hash(FieldVector[] keys, int rows, long[] hashes) {
        Arrays.fill(hashes, 0, rows, SEED);
        for (FieldVector key : keys) {
            requireHashable(key.getField());
            combine(key, rows, hashes);
        }
    }

    /** The key group of a hash, from 0 to {@code keyGroups - 1}. */
    public static int keyGroup(long hash, int keyGroups) {
        return (int) Math.multiplyHigh(hash >>> 1, (long) keyGroups << 1);
    }

    /** The task that owns a key group: groups are divided into equal neighbouring ranges. */
    public static int task(int keyGroup, int keyGroups, int parallelism) {
        return (int) ((long) keyGroup * parallelism / keyGroups);
    }

    /** The first key group that a task owns, or, if it owns none, the first of those after it. */
    public static int firstGroup(int task, int keyGroups, int parallelism) {
        return (int) (((long) task * keyGroups + parallelism - 1) / parallelism);
    }

    /** The hash of one whole number alone, for tests and tools. */
    public static long ofLong(long value) {
        return mix(SEED ^ mix(value));
    }

    /** Refuses a column that cannot be a key. */
    public static void requireHashable(Field key) {
        boolean hashable = switch (key.getType().getTypeID()) {
            case Int, FloatingPoint, Bool, Utf8, Binary, Date, Time, Timestamp, Duration, Decimal -> true;
            case LargeUtf8, LargeBinary, Utf8View, BinaryView, FixedSizeBinary, Interval, Null -> true;
            default -> false;
        };
        if (!hashable) {
            throw ErrorCode.TYPE_MISMATCH
                    .error("column '" + key.getName() + "' of type " + key.getType() + " cannot be a key")
                    .help("choose a number, text, boolean, date, time or binary column, or compute a text key")
                    .toException();
        }
    }

    /** The 64 bits of one row's value. */
    @FunctionalInterface
    private interface ValueBits {
        long of(int row);
    }

    private static void combine(FieldVector key, int rows, long[] hashes) {
        boolean nulls = key.getNullCount() > 0;
        if (!nulls && key instanceof BaseFixedWidthVector fixed && isWholeNumber(fixed) && fixed.getTypeWidth() == 8) {
            long address = key.getDataBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                hashes[i] = mix(hashes[i] ^ mix(MemoryUtil.getLong(address + ((long) i << 3))));
            }
            return;
        }
        ValueBits bits = bits(key);
        for (int i = 0; i < rows; i++) {
            long value = nulls && key.isNull(i) ? NULL : mix(bits.of(i));
            hashes[i] = mix(hashes[i] ^ value);
        }
    }

    private static ValueBits bits(FieldVector key) {
        if (key instanceof BaseVariableWidthVector v) {
            return row -> {
                int start = v.getOffsetBuffer().getInt((long) row << 2);
                int end = v.getOffsetBuffer().getInt((long) (row + 1) << 2);
                return bytes(v.getDataBuffer(), start, end - start);
            };
        } else if (key instanceof BaseVariableWidthViewVector v) {
            return row -> view(v, row);
        } else if (key instanceof BaseLargeVariableWidthVector v) {
            ArrowBufPointer at = new ArrowBufPointer();
            return row -> {
                v.getDataPointer(row, at);
                return bytes(at.getBuf(), at.getOffset(), (int) at.getLength());
            };
        } else if (key instanceof BitVector v) {
            return v::get;
        } else if (key instanceof Float8Vector v) {
            return row -> real(v.get(row));
        } else if (key instanceof Float4Vector v) {
            return row -> real(v.get(row));
        } else if (key instanceof Float2Vector v) {
            return row -> real(v.getValueAsFloat(row));
        } else if (key instanceof BaseFixedWidthVector v) {
            return isWholeNumber(v) ? whole(v) : row -> bytes(v.getDataBuffer(), at(v, row), v.getTypeWidth());
        } else if (key instanceof NullVector) {
            return row -> NULL;
        }
        throw new IllegalArgumentException("unchecked key column " + key.getField());
    }

    /** Integers, and dates and times, which are integers too; not floats, decimals and fixed-size binary values. */
    private static boolean isWholeNumber(BaseFixedWidthVector key) {
        boolean real = key instanceof Float8Vector || key instanceof Float4Vector || key instanceof Float2Vector;
        return !real && !(key instanceof FixedSizeBinaryVector) && key.getTypeWidth() <= 8;
    }

    private static ValueBits whole(BaseFixedWidthVector key) {
        long address = key.getDataBuffer().memoryAddress();
        boolean unsigned = key.getField().getType() instanceof ArrowType.Int type && !type.getIsSigned();
        return switch (key.getTypeWidth()) {
            case 1 ->
                unsigned ? row -> MemoryUtil.getByte(address + row) & 0xffL : row -> MemoryUtil.getByte(address + row);
            case 2 ->
                unsigned
                        ? row -> key.getDataBuffer().getShort(at(key, row)) & 0xffffL
                        : row -> key.getDataBuffer().getShort(at(key, row));
            case 4 ->
                unsigned
                        ? row -> MemoryUtil.getInt(address + at(key, row)) & 0xffffffffL
                        : row -> MemoryUtil.getInt(address + at(key, row));
            default -> row -> MemoryUtil.getLong(address + at(key, row));
        };
    }

    private static long at(BaseFixedWidthVector key, int row) {
        return (long) row * key.getTypeWidth();
    }

    private static long real(double value) {
        return Double.doubleToLongBits(value + 0.0);
    }

    /** Arrow's own getDataPointer takes a text of just as many bytes as a view can hold for a longer one. */
    private static long view(BaseVariableWidthViewVector key, int row) {
        ArrowBuf views = key.getDataBuffer();
        long at = (long) row * BaseVariableWidthViewVector.ELEMENT_SIZE;
        int length = views.getInt(at);
        if (length <= BaseVariableWidthViewVector.INLINE_SIZE) {
            return bytes(views, at + Integer.BYTES, length);
        }
        ArrowBuf data = key.getDataBuffers().get(views.getInt(at + 2 * Integer.BYTES));
        return bytes(data, views.getInt(at + 3 * Integer.BYTES), length);
    }

    private static long bytes(@Nullable ArrowBuf data, long start, int length) {
        long address = data == null ? 0 : data.memoryAddress() + start;
        long hash = length;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            hash = mix(hash ^ MemoryUtil.getLong(address + i));
        }
        long tail = 0;
        for (int shift = 0; i < length; i++, shift += 8) {
            tail |= (MemoryUtil.getByte(address + i) & 0xffL) << shift;
        }
        return mix(hash ^ tail);
    }

    private static long mix(long value) {
        long v = value;
        v ^= v >>> 33;
        v *= 0xff51afd7ed558ccdL;
        v ^= v >>> 33;
        v *= 0xc4ceb9fe1a85ec53L;
        v ^= v >>> 33;
        return v;
    }
}
