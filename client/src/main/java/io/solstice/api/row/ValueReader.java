package io.solstice.api.row;

import io.solstice.common.error.ErrorCode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
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
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Reads one vector's values as the Java values that {@link Row} lists. Chosen once for a vector, then called by row.
 */
@FunctionalInterface
public interface ValueReader {
    /** The value, or null. */
    @Nullable
    Object read(int row);

    /** A reader of the vector, valid while the vector is. */
    static ValueReader of(FieldVector vector) {
        ValueReader present = present(vector);
        return row -> vector.isNull(row) ? null : present.read(row);
    }

    private static ValueReader present(FieldVector vector) {
        if (vector instanceof BigIntVector v) {
            return v::get;
        } else if (vector instanceof IntVector v) {
            return v::get;
        } else if (vector instanceof SmallIntVector v) {
            return v::get;
        } else if (vector instanceof TinyIntVector v) {
            return v::get;
        } else if (vector instanceof UInt1Vector v) {
            return row -> (short) (v.get(row) & 0xff);
        } else if (vector instanceof UInt2Vector v) {
            return row -> (int) v.get(row);
        } else if (vector instanceof UInt4Vector v) {
            return row -> v.get(row) & 0xffffffffL;
        } else if (vector instanceof Float8Vector v) {
            return v::get;
        } else if (vector instanceof Float4Vector v) {
            return v::get;
        } else if (vector instanceof Float2Vector v) {
            return v::getValueAsFloat;
        } else if (vector instanceof BitVector v) {
            return row -> v.get(row) != 0;
        } else if (vector instanceof DecimalVector || vector instanceof Decimal256Vector) {
            return row -> (BigDecimal) vector.getObject(row);
        }
        return timeOrText(vector);
    }

    private static ValueReader timeOrText(FieldVector vector) {
        if (vector instanceof TimeStampVector v) {
            ArrowType.Timestamp type = (ArrowType.Timestamp) v.getField().getType();
            return type.getTimezone() == null
                    ? row -> LocalDateTime.ofInstant(instant(v.get(row), type.getUnit()), ZoneOffset.UTC)
                    : row -> instant(v.get(row), type.getUnit());
        } else if (vector instanceof DateDayVector v) {
            return row -> LocalDate.ofEpochDay(v.get(row));
        } else if (vector instanceof DateMilliVector v) {
            return row -> LocalDate.ofEpochDay(Math.floorDiv(v.get(row), 86_400_000L));
        } else if (vector instanceof TimeMicroVector v) {
            return row -> LocalTime.ofNanoOfDay(v.get(row) * 1_000);
        } else if (vector instanceof TimeNanoVector v) {
            return row -> LocalTime.ofNanoOfDay(v.get(row));
        } else if (vector instanceof TimeMilliVector v) {
            return row -> LocalTime.ofNanoOfDay(v.get(row) * 1_000_000L);
        } else if (vector instanceof TimeSecVector v) {
            return row -> LocalTime.ofSecondOfDay(v.get(row));
        } else if (vector instanceof DurationVector v) {
            return v::getObject;
        } else if (vector instanceof BaseVariableWidthVector v) {
            return bytes(v.getField(), v::get);
        } else if (vector instanceof BaseLargeVariableWidthVector v) {
            return bytes(v.getField(), v::get);
        } else if (vector instanceof BaseVariableWidthViewVector v) {
            return bytes(v.getField(), v::get);
        } else if (vector instanceof FixedSizeBinaryVector v) {
            return v::get;
        }
        return nested(vector);
    }

    private static ValueReader nested(FieldVector vector) {
        if (vector instanceof StructVector v) {
            return struct(v);
        } else if (vector instanceof MapVector v) {
            return map(v);
        } else if (vector instanceof ListVector v) {
            ValueReader items = of(v.getDataVector());
            return row -> list(items, v.getElementStartIndex(row), v.getElementEndIndex(row));
        } else if (vector instanceof LargeListVector v) {
            ValueReader items = of(v.getDataVector());
            return row -> list(items, (int) v.getElementStartIndex(row), (int) v.getElementEndIndex(row));
        } else if (vector instanceof FixedSizeListVector v) {
            return fixedSizeList(v);
        } else if (vector.getField().getType() instanceof ArrowType.Null) {
            return row -> null;
        }
        throw ErrorCode.RECORD_TYPE
                .error("column '" + vector.getName() + "' of type "
                        + vector.getField().getType() + " cannot be read as a row value")
                .help("use expressions or MapBatchesOperator for it, or cast it to another type at the source")
                .toException();
    }

    private static ValueReader struct(StructVector vector) {
        List<String> names =
                vector.getField().getChildren().stream().map(Field::getName).toList();
        ValueReader[] fields = new ValueReader[names.size()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = of((FieldVector) vector.getChildByOrdinal(i));
        }
        return row -> {
            @Nullable Object[] values = new Object[fields.length];
            for (int i = 0; i < fields.length; i++) {
                values[i] = fields[i].read(row);
            }
            return new Row(names, values);
        };
    }

    private static ValueReader map(MapVector vector) {
        StructVector entries = (StructVector) vector.getDataVector();
        ValueReader keys = of((FieldVector) entries.getChildByOrdinal(0));
        ValueReader values = of((FieldVector) entries.getChildByOrdinal(1));
        return row -> {
            Map<Object, @Nullable Object> map = new LinkedHashMap<>();
            for (int i = vector.getElementStartIndex(row); i < vector.getElementEndIndex(row); i++) {
                map.put(String.valueOf(keys.read(i)), values.read(i));
            }
            return map;
        };
    }

    private static ValueReader fixedSizeList(FixedSizeListVector vector) {
        int size = vector.getListSize();
        FieldVector data = vector.getDataVector();
        ValueReader items = of(data);
        if (data instanceof Float4Vector floats) {
            return row -> {
                if (anyNull(data, row * size, size)) {
                    return list(items, row * size, (row + 1) * size);
                }
                float[] values = new float[size];
                for (int i = 0; i < size; i++) {
                    values[i] = floats.get(row * size + i);
                }
                return values;
            };
        }
        if (data instanceof Float8Vector doubles) {
            return row -> {
                if (anyNull(data, row * size, size)) {
                    return list(items, row * size, (row + 1) * size);
                }
                double[] values = new double[size];
                for (int i = 0; i < size; i++) {
                    values[i] = doubles.get(row * size + i);
                }
                return values;
            };
        }
        return row -> list(items, row * size, (row + 1) * size);
    }

    private static boolean anyNull(FieldVector data, int from, int count) {
        for (int i = 0; i < count; i++) {
            if (data.isNull(from + i)) {
                return true;
            }
        }
        return false;
    }

    private static List<@Nullable Object> list(ValueReader items, int from, int to) {
        List<@Nullable Object> list = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            list.add(items.read(i));
        }
        return list;
    }

    private static ValueReader bytes(Field field, java.util.function.IntFunction<byte[]> get) {
        ArrowType type = field.getType();
        boolean text = type instanceof ArrowType.Utf8
                || type instanceof ArrowType.LargeUtf8
                || type instanceof ArrowType.Utf8View;
        return text ? row -> new String(get.apply(row), StandardCharsets.UTF_8) : get::apply;
    }

    private static Instant instant(long value, TimeUnit unit) {
        return switch (unit) {
            case SECOND -> Instant.ofEpochSecond(value);
            case MILLISECOND -> Instant.ofEpochMilli(value);
            case MICROSECOND ->
                Instant.ofEpochSecond(Math.floorDiv(value, 1_000_000L), Math.floorMod(value, 1_000_000L) * 1_000);
            case NANOSECOND ->
                Instant.ofEpochSecond(Math.floorDiv(value, 1_000_000_000L), Math.floorMod(value, 1_000_000_000L));
        };
    }
}
