package io.solstice.worker.expression;

import io.solstice.worker.bytecode.Lane;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/** Gives constants their type: the one of the value they meet, where it holds them exactly, else one of their own. */
final class Literals {
    private Literals() {}

    /** @param near the type of the other operand, or the null type if it is a constant too */
    static Typed.Constant constant(@Nullable Object value, ArrowType near) {
        if (value == null) {
            return of(near, null);
        } else if (value instanceof Long whole) {
            return whole(whole, near);
        } else if (value instanceof Double real) {
            return of(Types.FLOAT64, real);
        } else if (value instanceof BigDecimal decimal) {
            int scale = Math.max(0, decimal.scale());
            BigDecimal plain = decimal.setScale(scale);
            int precision = Math.max(plain.precision(), scale);
            return of(new ArrowType.Decimal(precision, scale, precision > 38 ? 256 : 128), plain);
        } else if (value instanceof Instant instant) {
            return instant(instant, near);
        } else if (value instanceof LocalDate date) {
            return of(Types.DATE, (long) Math.toIntExact(date.toEpochDay()));
        } else if (value instanceof Boolean) {
            return of(Types.BOOL, value);
        } else if (value instanceof String) {
            return of(Types.UTF8, value);
        }
        throw new IllegalArgumentException("no constant: " + value);
    }

    static Typed.Constant of(ArrowType type, @Nullable Object value) {
        return new Typed.Constant(new Field("", new FieldType(value == null, type, null), List.of()), value);
    }

    private static Typed.Constant whole(long value, ArrowType near) {
        if (near instanceof ArrowType.Int type && value >= Types.min(type) && value <= Types.max(type)) {
            return of(near, value);
        } else if (near instanceof ArrowType.FloatingPoint) {
            boolean exact = (long) (float) value == value && Math.abs(value) < 1L << 62;
            return Lane.of(near) == Lane.FLOAT && exact
                    ? of(Types.FLOAT32, (float) value)
                    : of(Types.FLOAT64, (double) value);
        } else if (near instanceof ArrowType.Decimal) {
            BigDecimal decimal = BigDecimal.valueOf(value);
            return of(new ArrowType.Decimal(decimal.precision(), 0, 128), decimal);
        }
        return of(Types.INT64, value);
    }

    /** In the unit of the other side if that is exact, else in the coarsest one that is. */
    private static Typed.Constant instant(Instant instant, ArrowType near) {
        String zone = near instanceof ArrowType.Timestamp time ? time.getTimezone() : "UTC";
        if (near instanceof ArrowType.Timestamp time && isExact(instant, time.getUnit())) {
            return of(near, count(instant, time.getUnit()));
        }
        TimeUnit[] units = near instanceof ArrowType.Timestamp
                ? TimeUnit.values()
                : new TimeUnit[] {TimeUnit.MICROSECOND, TimeUnit.NANOSECOND, TimeUnit.MILLISECOND};
        for (TimeUnit unit : units) {
            if (isExact(instant, unit)) {
                return of(new ArrowType.Timestamp(unit, zone), count(instant, unit));
            }
        }
        return of(new ArrowType.Timestamp(TimeUnit.SECOND, zone), instant.getEpochSecond());
    }

    private static boolean isExact(Instant instant, TimeUnit unit) {
        long nanos = Types.nanosPerUnit(new ArrowType.Timestamp(unit, null));
        long limit = Long.MAX_VALUE / (1_000_000_000L / nanos) - 1;
        return instant.getNano() % nanos == 0 && Math.abs(instant.getEpochSecond()) < limit;
    }

    private static long count(Instant instant, TimeUnit unit) {
        long nanos = Types.nanosPerUnit(new ArrowType.Timestamp(unit, null));
        return instant.getEpochSecond() * (1_000_000_000L / nanos) + instant.getNano() / nanos;
    }
}
