package io.solstice.worker.expression;

import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.expression.Types.Family;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Conversions between types, for generated code (the methods on primitives) and for the interpreter. Fractions are cut
 * off towards zero on the way to whole numbers and rounded half up on the way to decimals; times become coarser towards
 * the past. What does not fit throws ArithmeticException with both the value and the type.
 */
final class Conversions {
    private Conversions() {}

    static boolean areAllowed(ArrowType from, ArrowType to) {
        Family source = Types.family(from);
        Family target = Types.family(to);
        if (from.equals(to) || (source == Family.NULL && target != Family.OTHER)) {
            return true;
        }
        if (!to.equals(Types.stored(to)) || target == Family.OTHER || target == Family.NULL) {
            return false;
        }
        return switch (source) {
            case WHOLE -> target.isNumber() || target == Family.TEXT || target.isTime();
            case REAL, DECIMAL -> target.isNumber() || target == Family.TEXT;
            case BOOL -> target == Family.WHOLE || target == Family.TEXT;
            case TEXT -> target.isNumber() || target == Family.BOOL || target == Family.INSTANT || target == source;
            case INSTANT, TIME_OF_DAY, DURATION -> target == source || target == Family.WHOLE || target == Family.TEXT;
            case BYTES -> target == source;
            case NULL, OTHER -> false;
        };
    }

    static boolean canFail(ArrowType from, ArrowType to) {
        Family source = Types.family(from);
        Family target = Types.family(to);
        if (from.equals(to) || source == Family.BOOL || source == Family.NULL || source == Family.BYTES) {
            return false;
        } else if (from instanceof ArrowType.Int wide && to instanceof ArrowType.Int narrow) {
            return Types.min(wide) < Types.min(narrow) || Types.max(wide) > Types.max(narrow) || isUnsignedLong(wide);
        } else if (from instanceof ArrowType.Int whole && target == Family.REAL) {
            return isUnsignedLong(whole);
        } else if (source == Family.REAL && target == Family.REAL) {
            return Lane.of(from) == Lane.DOUBLE && Lane.of(to) == Lane.FLOAT;
        } else if (source.isTime() && source == target) {
            return Types.nanosPerUnit(from) != Types.nanosPerUnit(to);
        } else if (source == Family.TEXT) {
            return target != Family.TEXT;
        }
        return !(source.isNumber() && target == Family.TEXT) && !(source == Family.DECIMAL && target == Family.REAL);
    }

    static boolean isUnsignedLong(ArrowType type) {
        return type instanceof ArrowType.Int whole && whole.getBitWidth() == 64 && !whole.getIsSigned();
    }

    /** A value that is not null, in the interpreter's form: see {@link Interpreter}. */
    static Object convert(Object value, ArrowType from, ArrowType to) {
        Family target = Types.family(to);
        if (from.equals(to) || target == Family.BYTES || (target == Family.TEXT && value instanceof String)) {
            return value;
        }
        if (isUnsignedLong(from) && target != Family.TEXT) {
            toWhole((Long) value, 0, Long.MAX_VALUE);
        }
        return switch (target) {
            case BOOL -> truth((String) value);
            case WHOLE -> whole(value, (ArrowType.Int) to);
            case REAL -> real(value, to);
            case DECIMAL -> decimal(value, (ArrowType.Decimal) to);
            case TEXT -> text(value, from);
            case INSTANT, TIME_OF_DAY, DURATION -> time(value, from, to);
            case NULL, BYTES, OTHER -> throw new IllegalArgumentException("no conversion to " + to);
        };
    }

    private static Boolean truth(String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ArithmeticException("'" + text + "' is neither true nor false");
        };
    }

    private static Long whole(Object value, ArrowType.Int to) {
        long min = Types.min(to);
        long max = Types.max(to);
        if (value instanceof Boolean truth) {
            return truth ? 1L : 0L;
        } else if (value instanceof Double || value instanceof Float) {
            return toWhole(((Number) value).doubleValue(), min, max);
        } else if (value instanceof Long number) {
            return toWhole((long) number, min, max);
        }
        BigDecimal number = value instanceof BigDecimal decimal ? decimal : number((String) value);
        try {
            return toWhole(number.setScale(0, RoundingMode.DOWN).longValueExact(), min, max);
        } catch (ArithmeticException tooLarge) {
            throw doesNotFit(number.toPlainString(), TypeName.of(to));
        }
    }

    private static Number real(Object value, ArrowType to) {
        boolean single = Lane.of(to) == Lane.FLOAT;
        if (value instanceof Long number) {
            return single ? (Number) (float) (long) number : (Number) (double) (long) number;
        }
        double number;
        try {
            number = value instanceof String text ? Double.parseDouble(text.trim()) : ((Number) value).doubleValue();
        } catch (NumberFormatException malformed) {
            throw new ArithmeticException("'" + value + "' is no number");
        }
        return single ? (Number) toFloat(number) : (Number) number;
    }

    static BigDecimal decimal(Object value, ArrowType.Decimal to) {
        BigDecimal number;
        if (value instanceof BigDecimal decimal) {
            number = decimal;
        } else if (value instanceof Long whole) {
            number = BigDecimal.valueOf(whole);
        } else if (value instanceof String text) {
            number = number(text);
        } else {
            double real = ((Number) value).doubleValue();
            if (!Double.isFinite(real)) {
                throw doesNotFit(value.toString(), TypeName.of(to));
            }
            number = new BigDecimal(value.toString());
        }
        BigDecimal scaled = number.setScale(to.getScale(), RoundingMode.HALF_UP);
        if (scaled.precision() > to.getPrecision()) {
            throw doesNotFit(number.toPlainString(), TypeName.of(to));
        }
        return scaled;
    }

    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text.trim());
        } catch (NumberFormatException malformed) {
            throw new ArithmeticException("'" + text + "' is no number");
        }
    }

    private static String text(Object value, ArrowType from) {
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (!Types.family(from).isTime()) {
            return isUnsignedLong(from) ? Long.toUnsignedString((Long) value) : value.toString();
        }
        long perUnit = Types.nanosPerUnit(from);
        long count = (Long) value;
        try {
            return switch (Types.family(from)) {
                case INSTANT -> {
                    Instant instant = instant(count, perUnit);
                    yield from instanceof ArrowType.Date
                            ? LocalDate.ofInstant(instant, ZoneOffset.UTC).toString()
                            : Types.zoned(from)
                                    ? instant.toString()
                                    : LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                                            .toString();
                }
                case TIME_OF_DAY ->
                    LocalTime.ofNanoOfDay(Math.multiplyExact(count, perUnit)).toString();
                default ->
                    java.time.Duration.between(Instant.EPOCH, instant(count, perUnit))
                            .toString();
            };
        } catch (DateTimeException outside) {
            throw doesNotFit(Long.toString(count), TypeName.of(from));
        }
    }

    private static Instant instant(long count, long nanosPerUnit) {
        if (nanosPerUnit >= 1_000_000_000L) {
            return Instant.ofEpochSecond(Math.multiplyExact(count, nanosPerUnit / 1_000_000_000L));
        }
        long perSecond = 1_000_000_000L / nanosPerUnit;
        return Instant.ofEpochSecond(Math.floorDiv(count, perSecond), Math.floorMod(count, perSecond) * nanosPerUnit);
    }

    private static Long time(Object value, ArrowType from, ArrowType to) {
        long count;
        if (value instanceof String text) {
            count = Types.family(to) == Family.INSTANT ? parse(text, to) : 0;
        } else {
            count = (Long) value;
            if (Types.family(from).isTime()) {
                count = rescale(count, Types.nanosPerUnit(from), Types.nanosPerUnit(to));
            }
        }
        return Lane.of(to) == Lane.INT ? toWhole(count, Integer.MIN_VALUE, Integer.MAX_VALUE) : count;
    }

    private static long parse(String given, ArrowType to) {
        String text = given.trim().replace(' ', 'T');
        try {
            Instant instant;
            if (text.indexOf('T') < 0) {
                instant = LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            } else if (text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > text.indexOf('T')) {
                instant = OffsetDateTime.parse(text).toInstant();
            } else {
                instant = LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            }
            long seconds = rescale(instant.getEpochSecond(), 1_000_000_000L, Types.nanosPerUnit(to));
            return Types.nanosPerUnit(to) >= 1_000_000_000L
                    ? seconds
                    : Math.addExact(seconds, instant.getNano() / Types.nanosPerUnit(to));
        } catch (DateTimeException malformed) {
            throw new ArithmeticException("'" + given + "' is no date or time as 2026-01-31T12:00:00Z");
        }
    }

    /** The count of a time in units of another length. */
    static long rescale(long count, long nanosPerUnit, long newNanosPerUnit) {
        return nanosPerUnit >= newNanosPerUnit
                ? Math.multiplyExact(count, nanosPerUnit / newNanosPerUnit)
                : Math.floorDiv(count, newNanosPerUnit / nanosPerUnit);
    }

    static long toWhole(long value, long min, long max) {
        if (value < min || value > max) {
            throw doesNotFit(Long.toString(value), min + " to " + max);
        }
        return value;
    }

    static long toWhole(double value, long min, long max) {
        long whole = (long) value;
        boolean outside = value >= 0x1p63 || value < -0x1p63;
        if (Double.isNaN(value) || outside || whole < min || whole > max) {
            throw doesNotFit(Double.toString(value), min + " to " + max);
        }
        return whole;
    }

    static float toFloat(double value) {
        float single = (float) value;
        if (Float.isInfinite(single) && !Double.isInfinite(value)) {
            throw doesNotFit(Double.toString(value), "float32");
        }
        return single;
    }

    private static ArithmeticException doesNotFit(String value, String type) {
        return new ArithmeticException(value + " does not fit " + type);
    }
}
