package io.solstice.worker.expression;

import io.solstice.api.expr.BinaryOperator;
import io.solstice.worker.bytecode.Lane;
import java.util.Optional;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.Decimal;
import org.apache.arrow.vector.types.pojo.ArrowType.FloatingPoint;
import org.apache.arrow.vector.types.pojo.ArrowType.Int;

/**
 * Which type an operation on two types is done in. Whole numbers: the wider, unsigned ones counting as the next wider
 * signed type (uint64 as int64, so that larger values are an error); arithmetic is done in int32 at least. A whole
 * number and a floating one meet in float64, a whole number and a decimal in a decimal.
 */
final class Types {
    static final ArrowType BOOL = ArrowType.Bool.INSTANCE;
    static final Int INT32 = new Int(32, true);
    static final Int INT64 = new Int(64, true);
    static final FloatingPoint FLOAT32 = new FloatingPoint(FloatingPointPrecision.SINGLE);
    static final FloatingPoint FLOAT64 = new FloatingPoint(FloatingPointPrecision.DOUBLE);
    static final ArrowType UTF8 = ArrowType.Utf8.INSTANCE;
    static final ArrowType BINARY = ArrowType.Binary.INSTANCE;
    static final ArrowType DATE = new ArrowType.Date(DateUnit.DAY);
    static final ArrowType NULL = ArrowType.Null.INSTANCE;

    private Types() {}

    /** What a type stands for; conversions and comparisons are between types of one family. */
    enum Family {
        BOOL,
        WHOLE,
        REAL,
        DECIMAL,
        TEXT,
        BYTES,
        /** Timestamps and dates: points on the time line. */
        INSTANT,
        TIME_OF_DAY,
        DURATION,
        NULL,
        OTHER;

        boolean isNumber() {
            return this == WHOLE || this == REAL || this == DECIMAL;
        }

        boolean isTime() {
            return this == INSTANT || this == TIME_OF_DAY || this == DURATION;
        }
    }

    static Family family(ArrowType type) {
        return switch (type.getTypeID()) {
            case Bool -> Family.BOOL;
            case Int -> Family.WHOLE;
            case FloatingPoint -> Family.REAL;
            case Decimal -> Family.DECIMAL;
            case Utf8, LargeUtf8, Utf8View -> Family.TEXT;
            case Binary, LargeBinary, BinaryView, FixedSizeBinary -> Family.BYTES;
            case Timestamp, Date -> Family.INSTANT;
            case Time -> Family.TIME_OF_DAY;
            case Duration -> Family.DURATION;
            case Null -> Family.NULL;
            default -> Family.OTHER;
        };
    }

    /** The type that holds the values of both, if there is one. Texts become utf8, byte strings binary. */
    static Optional<ArrowType> common(ArrowType a, ArrowType b) {
        Family left = family(a);
        Family right = family(b);
        if (left == Family.NULL || right == Family.NULL) {
            return Optional.of(stored(left == Family.NULL ? b : a));
        } else if (left.isNumber() && right.isNumber()) {
            return Optional.of(commonNumber(a, b));
        } else if (left != right) {
            return Optional.empty();
        } else if (a.equals(b) || left == Family.TEXT || left == Family.BYTES) {
            return Optional.of(stored(a));
        } else if (left.isTime() && a.getTypeID() == b.getTypeID() && zoned(a) == zoned(b)) {
            return Optional.of(nanosPerUnit(a) <= nanosPerUnit(b) ? a : b);
        }
        return Optional.empty();
    }

    /** The type in which computed values of the given type are stored. */
    static ArrowType stored(ArrowType type) {
        return switch (family(type)) {
            case TEXT -> UTF8;
            case BYTES -> BINARY;
            case REAL -> Lane.of(type) == Lane.DOUBLE ? FLOAT64 : FLOAT32;
            default -> type;
        };
    }

    private static ArrowType commonNumber(ArrowType a, ArrowType b) {
        if (a.equals(b)) {
            return stored(a);
        } else if (a instanceof Int one && b instanceof Int two) {
            return new Int(Math.max(signedBits(one), signedBits(two)), true);
        } else if (a instanceof Decimal || b instanceof Decimal) {
            if (a instanceof FloatingPoint || b instanceof FloatingPoint) {
                return FLOAT64;
            }
            Decimal one = decimal(a);
            Decimal two = decimal(b);
            int scale = Math.max(one.getScale(), two.getScale());
            return decimal(Math.max(wholeDigits(one), wholeDigits(two)) + scale, scale, bits(one, two));
        } else if (a instanceof Int || b instanceof Int) {
            return FLOAT64;
        }
        return Lane.of(a) == Lane.DOUBLE || Lane.of(b) == Lane.DOUBLE ? FLOAT64 : FLOAT32;
    }

    /** The type of the result of arithmetic on two numbers. */
    static ArrowType arithmetic(BinaryOperator operator, ArrowType a, ArrowType b) {
        if (operator == BinaryOperator.DIVIDE) {
            return FLOAT64;
        }
        ArrowType common = commonNumber(a, b);
        if (common instanceof Int whole) {
            return new Int(Math.max(32, signedBits(whole)), true);
        } else if (common instanceof Decimal && operator != BinaryOperator.MODULO) {
            Decimal one = decimal(a);
            Decimal two = decimal(b);
            if (operator == BinaryOperator.TIMES) {
                int scale = one.getScale() + two.getScale();
                return decimal(one.getPrecision() + two.getPrecision(), scale, bits(one, two));
            }
            int scale = Math.max(one.getScale(), two.getScale());
            return decimal(Math.max(wholeDigits(one), wholeDigits(two)) + 1 + scale, scale, bits(one, two));
        }
        return common;
    }

    /** The type in which two numbers are compared. */
    static ArrowType comparison(ArrowType a, ArrowType b) {
        ArrowType common = commonNumber(a, b);
        if (common instanceof Int) {
            return Lane.of(a) == Lane.INT && Lane.of(b) == Lane.INT ? INT32 : INT64;
        }
        return common;
    }

    static boolean zoned(ArrowType type) {
        return type instanceof ArrowType.Timestamp time && time.getTimezone() != null;
    }

    /** How long one unit of a time type is. */
    static long nanosPerUnit(ArrowType type) {
        if (type instanceof ArrowType.Timestamp time) {
            return nanos(time.getUnit());
        } else if (type instanceof ArrowType.Duration duration) {
            return nanos(duration.getUnit());
        } else if (type instanceof ArrowType.Time time) {
            return nanos(time.getUnit());
        } else if (type instanceof ArrowType.Date date) {
            return date.getUnit() == DateUnit.DAY ? 86_400_000_000_000L : 1_000_000L;
        }
        throw new IllegalArgumentException(type + " is no time");
    }

    private static long nanos(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 1_000_000_000L;
            case MILLISECOND -> 1_000_000L;
            case MICROSECOND -> 1_000L;
            case NANOSECOND -> 1L;
        };
    }

    /** The smallest value of a whole-number type. */
    static long min(Int type) {
        return type.getIsSigned() ? -1L << (type.getBitWidth() - 1) : 0;
    }

    /**
     * The largest value of a whole-number type; for uint64, of which only the lower half is computed with, that of
     * int64.
     */
    static long max(Int type) {
        int bits = type.getIsSigned() ? type.getBitWidth() - 1 : Math.min(63, type.getBitWidth());
        return -1L >>> (64 - bits);
    }

    private static int signedBits(Int type) {
        return type.getIsSigned() ? type.getBitWidth() : Math.min(64, type.getBitWidth() * 2);
    }

    private static int wholeDigits(Decimal type) {
        return type.getPrecision() - type.getScale();
    }

    private static int bits(Decimal a, Decimal b) {
        return Math.max(a.getBitWidth(), b.getBitWidth());
    }

    private static Decimal decimal(int precision, int scale, int bits) {
        int widest = bits == 256 ? 76 : 38;
        return new Decimal(Math.min(precision, widest), Math.min(scale, widest), bits);
    }

    private static Decimal decimal(ArrowType type) {
        if (type instanceof Decimal decimal) {
            return decimal;
        }
        int digits = switch (((Int) type).getBitWidth()) {
            case 8 -> 3;
            case 16 -> 5;
            case 32 -> 10;
            default -> 19;
        };
        return new Decimal(digits, 0, 128);
    }
}
