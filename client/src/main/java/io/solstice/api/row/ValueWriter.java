package io.solstice.api.row;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
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
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/**
 * Writes Java values, as {@link Row} lists them, into one vector. A value that the vector's type cannot hold is an
 * error that names the column, the value and the type. Nothing is lost silently but precision: real numbers are rounded
 * to the nearest one of the type (whole numbers must fit exactly), times are cut off after the type's unit.
 */
@FunctionalInterface
public interface ValueWriter {
    /** Sets the value at that row, growing the vector as needed; null clears it. Rows are written in rising order. */
    void write(int row, @Nullable Object value);

    static ValueWriter of(FieldVector vector) {
        if (vector instanceof NullVector) {
            return (row, value) -> {
                if (value != null) {
                    throw mismatch(vector, value);
                }
            };
        }
        ValueWriter present = present(vector);
        return (row, value) -> {
            if (value == null) {
                vector.setNull(row);
            } else {
                present.write(row, value);
            }
        };
    }

    private static ValueWriter present(FieldVector vector) {
        if (vector instanceof BigIntVector v) {
            return (row, value) -> v.setSafe(row, whole(v, value, Long.MIN_VALUE, Long.MAX_VALUE));
        } else if (vector instanceof IntVector v) {
            return (row, value) -> v.setSafe(row, (int) whole(v, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
        } else if (vector instanceof SmallIntVector v) {
            return (row, value) -> v.setSafe(row, (int) whole(v, value, Short.MIN_VALUE, Short.MAX_VALUE));
        } else if (vector instanceof TinyIntVector v) {
            return (row, value) -> v.setSafe(row, (int) whole(v, value, Byte.MIN_VALUE, Byte.MAX_VALUE));
        } else if (vector instanceof UInt1Vector v) {
            return (row, value) -> v.setSafe(row, (int) whole(v, value, 0, 0xffL));
        } else if (vector instanceof UInt2Vector v) {
            return (row, value) -> v.setSafe(row, (int) whole(v, value, 0, 0xffffL));
        } else if (vector instanceof UInt4Vector v) {
            return (row, value) -> v.setSafe(row, (int) whole(v, value, 0, 0xffffffffL));
        } else if (vector instanceof Float8Vector v) {
            return (row, value) -> v.setSafe(row, real(v, value, 53).doubleValue());
        } else if (vector instanceof Float4Vector v) {
            return (row, value) -> v.setSafe(row, real(v, value, 24).floatValue());
        } else if (vector instanceof Float2Vector v) {
            return (row, value) ->
                    v.setSafeWithPossibleTruncate(row, real(v, value, 11).floatValue());
        } else if (vector instanceof DecimalVector v) {
            return (row, value) -> v.setSafe(row, decimal(v, value, v.getPrecision(), v.getScale()));
        } else if (vector instanceof Decimal256Vector v) {
            return (row, value) -> v.setSafe(row, decimal(v, value, v.getPrecision(), v.getScale()));
        }
        return textOrTime(vector);
    }

    private static ValueWriter textOrTime(FieldVector vector) {
        ArrowType type = vector.getField().getType();
        if (vector instanceof BitVector v) {
            return (row, value) -> v.setSafe(row, cast(v, Boolean.class, value) ? 1 : 0);
        } else if (vector instanceof VariableWidthFieldVector v) {
            boolean text = type instanceof ArrowType.Utf8
                    || type instanceof ArrowType.LargeUtf8
                    || type instanceof ArrowType.Utf8View;
            return text
                    ? (row, value) ->
                            v.setSafe(row, cast(v, String.class, value).getBytes(StandardCharsets.UTF_8))
                    : (row, value) -> v.setSafe(row, cast(v, byte[].class, value));
        } else if (vector instanceof FixedSizeBinaryVector v) {
            return (row, value) -> v.setSafe(row, bytes(v, value));
        } else if (vector instanceof TimeStampVector v) {
            TimeUnit unit = ((ArrowType.Timestamp) type).getUnit();
            return (row, value) -> v.setSafe(row, epoch(v, value, unit));
        } else if (vector instanceof DurationVector v) {
            TimeUnit unit = ((ArrowType.Duration) type).getUnit();
            return (row, value) -> {
                Duration duration = cast(v, Duration.class, value);
                v.setSafe(row, count(v, value, duration.getSeconds(), duration.getNano(), unit));
            };
        } else if (vector instanceof DateDayVector v) {
            return (row, value) -> v.setSafe(row, (int) epochDay(v, value));
        } else if (vector instanceof DateMilliVector v) {
            return (row, value) -> v.setSafe(row, epochDay(v, value) * 86_400_000L);
        } else if (vector instanceof TimeSecVector v) {
            return (row, value) ->
                    v.setSafe(row, cast(v, LocalTime.class, value).toSecondOfDay());
        } else if (vector instanceof TimeMilliVector v) {
            return (row, value) ->
                    v.setSafe(row, (int) (cast(v, LocalTime.class, value).toNanoOfDay() / 1_000_000));
        } else if (vector instanceof TimeMicroVector v) {
            return (row, value) ->
                    v.setSafe(row, cast(v, LocalTime.class, value).toNanoOfDay() / 1_000);
        } else if (vector instanceof TimeNanoVector v) {
            return (row, value) ->
                    v.setSafe(row, cast(v, LocalTime.class, value).toNanoOfDay());
        }
        return nested(vector);
    }

    private static ValueWriter nested(FieldVector vector) {
        if (vector instanceof StructVector v) {
            return struct(v);
        } else if (vector instanceof MapVector v) {
            return map(v);
        } else if (vector instanceof ListVector v) {
            return list(v, v::startNewValue, v::endValue);
        } else if (vector instanceof LargeListVector v) {
            return list(v, row -> (int) v.startNewValue(row), (row, size) -> v.endValue(row, size));
        } else if (vector instanceof FixedSizeListVector v) {
            return fixedSizeList(v);
        }
        throw ErrorCode.RECORD_TYPE
                .error("column '" + vector.getName() + "' of type "
                        + vector.getField().getType() + " cannot be written from row values")
                .toException();
    }

    private static ValueWriter struct(StructVector vector) {
        List<String> names = vector.getChildFieldNames();
        ValueWriter[] fields = new ValueWriter[names.size()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = of((FieldVector) vector.getChildByOrdinal(i));
        }
        return (row, value) -> {
            Row struct = value instanceof Map<?, ?> map ? fromMap(map) : cast(vector, Row.class, value);
            vector.setIndexDefined(row);
            for (int i = 0; i < fields.length; i++) {
                fields[i].write(row, struct.get(names.get(i)));
            }
        };
    }

    private static Row fromMap(Map<?, ?> map) {
        Row row = Row.EMPTY;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            row = row.with(String.valueOf(entry.getKey()), entry.getValue());
        }
        return row;
    }

    private static ValueWriter map(MapVector vector) {
        StructVector entries = (StructVector) vector.getDataVector();
        ValueWriter keys = of((FieldVector) entries.getChildByOrdinal(0));
        ValueWriter values = of((FieldVector) entries.getChildByOrdinal(1));
        return (row, value) -> {
            Map<?, ?> map = value instanceof Row struct ? struct.toMap() : cast(vector, Map.class, value);
            int at = vector.startNewValue(row);
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                entries.setIndexDefined(at);
                keys.write(at, entry.getKey());
                values.write(at, entry.getValue());
                at++;
            }
            vector.endValue(row, map.size());
        };
    }

    /** Ends the value of a list that was started. */
    @FunctionalInterface
    interface End {
        void value(int row, int size);
    }

    private static ValueWriter list(FieldVector vector, IntUnaryOperator start, End end) {
        ValueWriter items = of(vector.getChildrenFromFields().get(0));
        return (row, value) -> {
            int size = size(vector, value);
            int at = start.applyAsInt(row);
            for (int i = 0; i < size; i++) {
                items.write(at + i, item(value, i));
            }
            end.value(row, size);
        };
    }

    private static ValueWriter fixedSizeList(FixedSizeListVector vector) {
        ValueWriter items = of(vector.getDataVector());
        int expected = vector.getListSize();
        return (row, value) -> {
            int size = size(vector, value);
            if (size != expected) {
                throw ErrorCode.TYPE_MISMATCH
                        .error("'" + vector.getName() + "' needs " + expected + " values a row but got " + size)
                        .toException();
            }
            vector.startNewValue(row);
            for (int i = 0; i < size; i++) {
                items.write(row * size + i, item(value, i));
            }
        };
    }

    private static int size(FieldVector vector, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.size();
        } else if (value instanceof float[] floats) {
            return floats.length;
        } else if (value instanceof double[] doubles) {
            return doubles.length;
        } else if (value instanceof long[] longs) {
            return longs.length;
        } else if (value instanceof int[] ints) {
            return ints.length;
        }
        throw mismatch(vector, value);
    }

    private static @Nullable Object item(@Nullable Object value, int index) {
        if (value instanceof List<?> list) {
            return list.get(index);
        } else if (value instanceof float[] floats) {
            return floats[index];
        } else if (value instanceof double[] doubles) {
            return doubles[index];
        } else if (value instanceof long[] longs) {
            return longs[index];
        } else if (value instanceof int[] ints) {
            return ints[index];
        }
        throw new IllegalStateException("no list: " + value);
    }

    private static long whole(FieldVector vector, @Nullable Object value, long min, long max) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            long number = ((Number) value).longValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw mismatch(vector, value);
    }

    /** @param digits how many binary digits of a whole number the type can hold */
    private static Number real(FieldVector vector, @Nullable Object value, int digits) {
        Number number = cast(vector, Number.class, value);
        boolean whole = value instanceof Long || value instanceof Integer || value instanceof Short;
        if (whole) {
            long exact = Math.abs(number.longValue());
            if (64 - Long.numberOfLeadingZeros(exact) - Long.numberOfTrailingZeros(exact) > digits) {
                throw mismatch(vector, value);
            }
        }
        return number;
    }

    private static byte[] bytes(FixedSizeBinaryVector vector, @Nullable Object value) {
        byte[] bytes = cast(vector, byte[].class, value);
        if (bytes.length != vector.getByteWidth()) {
            throw mismatch(vector, bytes.length + " bytes");
        }
        return bytes;
    }

    private static BigDecimal decimal(FieldVector vector, @Nullable Object value, int precision, int scale) {
        BigDecimal number;
        if (value instanceof BigDecimal exact) {
            number = exact;
        } else if (value instanceof Double || value instanceof Float) {
            throw mismatch(vector, value);
        } else {
            number = BigDecimal.valueOf(cast(vector, Number.class, value).longValue());
        }
        try {
            BigDecimal scaled = number.setScale(scale, RoundingMode.UNNECESSARY);
            if (scaled.precision() <= precision) {
                return scaled;
            }
        } catch (ArithmeticException tooFine) {
            // the one error below names value and type
        }
        throw mismatch(vector, value);
    }

    private static long epoch(FieldVector vector, @Nullable Object value, TimeUnit unit) {
        Instant instant = value instanceof LocalDateTime local
                ? local.toInstant(ZoneOffset.UTC)
                : cast(vector, Instant.class, value);
        return count(vector, value, instant.getEpochSecond(), instant.getNano(), unit);
    }

    private static long epochDay(FieldVector vector, @Nullable Object value) {
        long day = cast(vector, LocalDate.class, value).toEpochDay();
        if ((int) day != day) {
            throw mismatch(vector, value);
        }
        return day;
    }

    /** Whole units in so many seconds and nanoseconds, rounded down. */
    private static long count(FieldVector vector, @Nullable Object value, long seconds, int nanos, TimeUnit unit) {
        long perSecond = switch (unit) {
            case SECOND -> 1;
            case MILLISECOND -> 1_000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> 1_000_000_000;
        };
        try {
            return Math.addExact(Math.multiplyExact(seconds, perSecond), nanos / (1_000_000_000 / perSecond));
        } catch (ArithmeticException outOfRange) {
            throw mismatch(vector, value);
        }
    }

    private static <T> T cast(FieldVector vector, Class<T> type, @Nullable Object value) {
        if (!type.isInstance(value)) {
            throw mismatch(vector, value);
        }
        return type.cast(value);
    }

    private static SolsticeException mismatch(FieldVector vector, @Nullable Object value) {
        String found = value == null ? "null" : value.getClass().getSimpleName() + " " + value;
        return ErrorCode.TYPE_MISMATCH
                .error("'" + vector.getName() + "' cannot hold " + found)
                .cause("its type is " + vector.getField().getType())
                .help("return a value of that type, or declare another schema for the stage")
                .toException();
    }
}
