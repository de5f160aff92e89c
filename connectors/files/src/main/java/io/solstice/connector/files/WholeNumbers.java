package io.solstice.connector.files;

import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Sets the values of vectors that hold whole numbers, times included; a value out of range is an ArithmeticException.
 */
interface WholeNumbers {
    void set(int row, long value);

    static WholeNumbers of(FieldVector vector) {
        return switch (vector.getMinorType()) {
            case TINYINT -> ranged(-128, 127, (row, value) -> ((TinyIntVector) vector).setSafe(row, (int) value));
            case SMALLINT -> ranged(-32768, 32767, (row, value) -> ((SmallIntVector) vector).setSafe(row, (int) value));
            case INT -> {
                IntVector ints = (IntVector) vector;
                yield (row, value) -> ints.setSafe(row, Math.toIntExact(value));
            }
            case BIGINT -> {
                BigIntVector longs = (BigIntVector) vector;
                yield longs::setSafe;
            }
            case UINT1 -> ranged(0, 255, (row, value) -> ((UInt1Vector) vector).setSafe(row, (int) value));
            case UINT2 -> ranged(0, 65_535, (row, value) -> ((UInt2Vector) vector).setSafe(row, (int) value));
            case UINT4 -> ranged(0, 0xFFFF_FFFFL, (row, value) -> ((UInt4Vector) vector).setSafe(row, (int) value));
            case UINT8 -> ranged(0, Long.MAX_VALUE, (row, value) -> ((UInt8Vector) vector).setSafe(row, value));
            case DATEDAY -> (row, value) -> ((DateDayVector) vector).setSafe(row, Math.toIntExact(value));
            case DATEMILLI -> (row, value) -> ((DateMilliVector) vector).setSafe(row, value);
            case TIMESEC -> (row, value) -> ((TimeSecVector) vector).setSafe(row, (int) value);
            case TIMEMILLI -> (row, value) -> ((TimeMilliVector) vector).setSafe(row, (int) value);
            case TIMEMICRO -> (row, value) -> ((TimeMicroVector) vector).setSafe(row, value);
            case TIMENANO -> (row, value) -> ((TimeNanoVector) vector).setSafe(row, value);
            default -> {
                TimeStampVector timestamps = (TimeStampVector) vector;
                yield timestamps::setSafe;
            }
        };
    }

    private static WholeNumbers ranged(long min, long max, WholeNumbers target) {
        return (row, value) -> {
            if (value < min || value > max) {
                throw new ArithmeticException("out of range");
            }
            target.set(row, value);
        };
    }

    static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 1;
            case MILLISECOND -> 1000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> 1_000_000_000;
        };
    }

    static long perDay(ArrowType.Date type) {
        return type.getUnit() == DateUnit.DAY ? 1 : 86_400_000;
    }

    /** A whole number with an optional sign; anything else is a NumberFormatException. */
    static long parse(char[] chars, int offset, int length) {
        int at = offset;
        int end = offset + length;
        boolean negative = length > 0 && chars[at] == '-';
        if (negative || (length > 0 && chars[at] == '+')) {
            at++;
        }
        if (at == end || end - at > 19) {
            throw new NumberFormatException("not a whole number of 64 bits");
        }
        long value = 0;
        for (; at < end; at++) {
            int digit = chars[at] - '0';
            if (digit < 0 || digit > 9) {
                throw new NumberFormatException("not a whole number");
            }
            // Counted downwards, since there is one more negative number than positive ones.
            value = value * 10 - digit;
            if (value > 0) {
                throw new NumberFormatException("not a whole number of 64 bits");
            }
        }
        if (!negative && value == Long.MIN_VALUE) {
            throw new NumberFormatException("not a whole number of 64 bits");
        }
        return negative ? value : -value;
    }
}
