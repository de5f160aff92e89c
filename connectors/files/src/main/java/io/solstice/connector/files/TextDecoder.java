package io.solstice.connector.files;

import com.fasterxml.jackson.core.io.NumberInput;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Decodes one value given as text into one vector. What does not fit is a NumberFormatException,
 * IllegalArgumentException, ArithmeticException or DateTimeException, which callers turn into an error with its place.
 */
interface TextDecoder {
    void set(char[] chars, int offset, int length, int row);

    /** For a vector of any type that is not nested. */
    static TextDecoder of(FieldVector vector) {
        ArrowType type = vector.getField().getType();
        return switch (type.getTypeID()) {
            case Bool -> bool((BitVector) vector);
            case Int, Date, Time, Timestamp -> whole(vector, type);
            case FloatingPoint -> floating(vector);
            case Utf8, LargeUtf8, Utf8View -> text(vector);
            case Binary, LargeBinary, BinaryView, FixedSizeBinary -> binary(vector);
            case Decimal -> decimal(vector, (ArrowType.Decimal) type);
            case Duration -> duration((DurationVector) vector, (ArrowType.Duration) type);
            default ->
                (chars, offset, length, row) -> {
                    throw new IllegalArgumentException("only null fits");
                };
        };
    }

    private static TextDecoder bool(BitVector vector) {
        return (chars, offset, length, row) -> {
            if (matches("true", chars, offset, length)) {
                vector.setSafe(row, 1);
            } else if (matches("false", chars, offset, length)) {
                vector.setSafe(row, 0);
            } else {
                throw new IllegalArgumentException("neither true nor false");
            }
        };
    }

    /** Whether the text is the given word, in small or capital letters. */
    static boolean matches(String word, char[] chars, int offset, int length) {
        if (word.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ((chars[offset + i] | 0x20) != (word.charAt(i) | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private static TextDecoder whole(FieldVector vector, ArrowType type) {
        WholeNumbers target = WholeNumbers.of(vector);
        IsoParser iso = new IsoParser();
        if (type instanceof ArrowType.Timestamp timestamp) {
            long perSecond = WholeNumbers.perSecond(timestamp.getUnit());
            boolean zoned = timestamp.getTimezone() != null;
            return (chars, offset, length, row) ->
                    target.set(row, iso.timestamp(chars, offset, length, perSecond, zoned));
        }
        if (type instanceof ArrowType.Time time) {
            long perSecond = WholeNumbers.perSecond(time.getUnit());
            return (chars, offset, length, row) -> target.set(row, iso.time(chars, offset, length, perSecond));
        }
        if (type instanceof ArrowType.Date date) {
            long perDay = WholeNumbers.perDay(date);
            return (chars, offset, length, row) -> target.set(row, iso.day(chars, offset, length) * perDay);
        }
        if (vector instanceof UInt8Vector unsigned) {
            return (chars, offset, length, row) ->
                    unsigned.setSafe(row, Long.parseUnsignedLong(new String(chars, offset, length)));
        }
        return (chars, offset, length, row) -> target.set(row, WholeNumbers.parse(chars, offset, length));
    }

    private static TextDecoder floating(FieldVector vector) {
        if (vector instanceof Float4Vector single) {
            return (chars, offset, length, row) -> single.setSafe(row, (float) parseDouble(chars, offset, length));
        }
        Float8Vector wide = (Float8Vector) vector;
        return (chars, offset, length, row) -> wide.setSafe(row, parseDouble(chars, offset, length));
    }

    /** A decimal or scientific number, {@code NaN}, {@code Infinity} or {@code -Infinity}. */
    static double parseDouble(char[] chars, int offset, int length) {
        char last = length == 0 ? ' ' : chars[offset + length - 1];
        if (last == 'N' || last == 'y') {
            return switch (new String(chars, offset, length)) {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> throw new NumberFormatException("not a number");
            };
        }
        if ((last < '0' || last > '9') && last != '.') {
            throw new NumberFormatException("not a number");
        }
        return NumberInput.parseDouble(chars, offset, length, true);
    }

    private static TextDecoder text(FieldVector vector) {
        ByteTarget target = ByteTarget.of(vector);
        byte[][] scratch = {new byte[256]};
        return (chars, offset, length, row) -> {
            byte[] bytes = scratch[0].length >= length ? scratch[0] : (scratch[0] = new byte[length * 2]);
            for (int i = 0; i < length; i++) {
                char c = chars[offset + i];
                if (c > 0x7f) {
                    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(chars, offset, length));
                    target.set(row, encoded.array(), encoded.limit());
                    return;
                }
                bytes[i] = (byte) c;
            }
            target.set(row, bytes, length);
        };
    }

    private static TextDecoder binary(FieldVector vector) {
        ByteTarget target = ByteTarget.of(vector);
        return (chars, offset, length, row) -> {
            byte[] bytes = Base64.getDecoder().decode(new String(chars, offset, length));
            target.set(row, bytes, bytes.length);
        };
    }

    private static TextDecoder decimal(FieldVector vector, ArrowType.Decimal type) {
        return (chars, offset, length, row) -> {
            BigDecimal value = new BigDecimal(chars, offset, length).setScale(type.getScale());
            if (value.precision() > type.getPrecision()) {
                throw new ArithmeticException("it has more digits than the type");
            }
            if (vector instanceof DecimalVector narrow) {
                narrow.setSafe(row, value);
            } else {
                ((Decimal256Vector) vector).setSafe(row, value);
            }
        };
    }

    private static TextDecoder duration(DurationVector vector, ArrowType.Duration type) {
        TimeUnit unit = switch (type.getUnit()) {
            case SECOND -> TimeUnit.SECONDS;
            case MILLISECOND -> TimeUnit.MILLISECONDS;
            case MICROSECOND -> TimeUnit.MICROSECONDS;
            case NANOSECOND -> TimeUnit.NANOSECONDS;
        };
        return (chars, offset, length, row) ->
                vector.setSafe(row, unit.convert(Duration.parse(CharBuffer.wrap(chars, offset, length))));
    }

    /** Vectors whose values are bytes. */
    interface ByteTarget {
        void set(int row, byte[] bytes, int length);

        static ByteTarget of(FieldVector vector) {
            if (vector instanceof BaseVariableWidthVector variable) {
                return (row, bytes, length) -> variable.setSafe(row, bytes, 0, length);
            }
            if (vector instanceof BaseLargeVariableWidthVector large) {
                return (row, bytes, length) -> large.setSafe(row, bytes, 0, length);
            }
            if (vector instanceof BaseVariableWidthViewVector view) {
                return (row, bytes, length) -> view.setSafe(row, bytes, 0, length);
            }
            FixedSizeBinaryVector fixed = (FixedSizeBinaryVector) vector;
            return (row, bytes, length) -> {
                if (length != fixed.getByteWidth()) {
                    throw new IllegalArgumentException(length + " bytes instead of " + fixed.getByteWidth());
                }
                fixed.setSafe(row, Arrays.copyOf(bytes, length));
            };
        }
    }
}
