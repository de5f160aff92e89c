package io.solstice.api.row;

import io.solstice.common.error.ErrorCode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Finds out the schema of rows whose columns nobody declared: the union of their names in order of appearance, each
 * with the narrowest type that holds all its values. Feed it every row, then ask.
 */
public final class RowSchema {
    private final Map<String, Field> fields = new LinkedHashMap<>();

    /** Starts from columns that are known already; their types can only become wider. */
    public RowSchema include(Schema known) {
        known.getFields().forEach(field -> fields.merge(field.getName(), field, RowSchema::wider));
        return this;
    }

    public RowSchema include(Row row) {
        for (int i = 0; i < row.names().size(); i++) {
            String name = row.names().get(i);
            Field found = fieldOf(name, row.valueAt(i));
            Field known = fields.get(name);
            if (known == null
                    || !known.getType().equals(found.getType())
                    || !found.getChildren().isEmpty()) {
                fields.merge(name, found, RowSchema::wider);
            }
        }
        return this;
    }

    /**
     * Whether {@link #include} would learn nothing from the row, as far as that shows without a closer look; most rows
     * are like the ones before them. False where the row's names come in another order, or a value is not a simple one.
     */
    static boolean isWithin(List<Field> columns, Row row) {
        List<String> names = row.names();
        if (names.size() > columns.size()) {
            return false;
        }
        for (int i = 0; i < names.size(); i++) {
            Field column = columns.get(i);
            if (!names.get(i).equals(column.getName()) || !isWithin(column, row.valueAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWithin(Field column, @Nullable Object value) {
        ArrowType type = column.getType();
        if (value == null) {
            return column.isNullable() && column.getDictionary() == null;
        } else if (value instanceof Long) {
            return isWhole(type, Long.SIZE);
        } else if (value instanceof Integer) {
            return isWhole(type, Integer.SIZE);
        } else if (value instanceof Double) {
            return isReal(type, FloatingPointPrecision.DOUBLE);
        } else if (value instanceof Float) {
            return isReal(type, FloatingPointPrecision.SINGLE);
        } else if (value instanceof String) {
            return type instanceof ArrowType.Utf8;
        }
        return value instanceof Boolean && type instanceof ArrowType.Bool;
    }

    private static boolean isWhole(ArrowType type, int bits) {
        return type instanceof ArrowType.Int whole && whole.getIsSigned() && whole.getBitWidth() == bits;
    }

    private static boolean isReal(ArrowType type, FloatingPointPrecision precision) {
        return type instanceof ArrowType.FloatingPoint real && real.getPrecision() == precision;
    }

    public Schema schema() {
        return new Schema(fields.values());
    }

    /** A nullable field for one value. */
    public static Field fieldOf(String name, @Nullable Object value) {
        List<Field> children = List.of();
        ArrowType type;
        if (value == null) {
            type = ArrowType.Null.INSTANCE;
        } else if (value instanceof Row row) {
            type = ArrowType.Struct.INSTANCE;
            children = new RowSchema().include(row).schema().getFields();
        } else if (value instanceof Map<?, ?> map) {
            type = ArrowType.Struct.INSTANCE;
            List<Field> members = new ArrayList<>();
            map.forEach((key, member) -> members.add(fieldOf(String.valueOf(key), member)));
            children = members;
        } else if (value instanceof List<?> list) {
            type = ArrowType.List.INSTANCE;
            Field item = fieldOf("item", null);
            for (Object member : list) {
                item = wider(item, fieldOf("item", member));
            }
            children = List.of(item);
        } else if (value instanceof float[] floats) {
            type = new ArrowType.FixedSizeList(floats.length);
            children = List.of(fieldOf("item", 0f));
        } else if (value instanceof double[] doubles) {
            type = new ArrowType.FixedSizeList(doubles.length);
            children = List.of(fieldOf("item", 0d));
        } else {
            type = scalar(name, value);
        }
        return new Field(name, FieldType.nullable(type), children);
    }

    private static ArrowType scalar(String name, Object value) {
        if (value instanceof Long) {
            return new ArrowType.Int(64, true);
        } else if (value instanceof Integer) {
            return new ArrowType.Int(32, true);
        } else if (value instanceof Short) {
            return new ArrowType.Int(16, true);
        } else if (value instanceof Byte) {
            return new ArrowType.Int(8, true);
        } else if (value instanceof Double) {
            return new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
        } else if (value instanceof Float) {
            return new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
        } else if (value instanceof Boolean) {
            return ArrowType.Bool.INSTANCE;
        } else if (value instanceof String) {
            return ArrowType.Utf8.INSTANCE;
        } else if (value instanceof byte[]) {
            return ArrowType.Binary.INSTANCE;
        } else if (value instanceof Instant) {
            return new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
        } else if (value instanceof LocalDateTime) {
            return new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
        } else if (value instanceof LocalDate) {
            return new ArrowType.Date(DateUnit.DAY);
        } else if (value instanceof LocalTime) {
            return new ArrowType.Time(TimeUnit.MICROSECOND, 64);
        } else if (value instanceof Duration) {
            return new ArrowType.Duration(TimeUnit.MICROSECOND);
        } else if (value instanceof BigDecimal decimal) {
            return new ArrowType.Decimal(38, Math.max(0, decimal.scale()), 128);
        }
        throw ErrorCode.RECORD_TYPE
                .error("'" + name + "' holds a " + value.getClass().getName() + ", which is not a row value")
                .help("use numbers, texts, booleans, dates and times, byte[], float[], lists, maps or rows")
                .toException();
    }

    /** A field that holds the values of both; throws if there is none. */
    static Field wider(Field one, Field other) {
        ArrowType a = one.getType();
        ArrowType b = other.getType();
        if (a instanceof ArrowType.Null) {
            return other;
        }
        if (b instanceof ArrowType.Null) {
            return nullable(one, a, one.getChildren());
        }
        if (a instanceof ArrowType.Struct && b instanceof ArrowType.Struct) {
            RowSchema merged = new RowSchema().include(new Schema(one.getChildren()));
            merged.include(new Schema(other.getChildren()));
            return nullable(one, a, merged.schema().getFields());
        }
        if (a instanceof ArrowType.List && b instanceof ArrowType.List) {
            Field item = wider(one.getChildren().get(0), other.getChildren().get(0));
            return nullable(one, a, List.of(item));
        }
        if (a instanceof ArrowType.FixedSizeList && a.equals(b)) {
            Field item = wider(one.getChildren().get(0), other.getChildren().get(0));
            return nullable(one, a, List.of(item));
        }
        if (a.equals(b)) {
            return one;
        }
        return nullable(one, widerScalar(one, a, b), List.of());
    }

    private static ArrowType widerScalar(Field field, ArrowType a, ArrowType b) {
        if (a instanceof ArrowType.Int one
                && b instanceof ArrowType.Int two
                && one.getIsSigned()
                && two.getIsSigned()) {
            return one.getBitWidth() >= two.getBitWidth() ? one : two;
        }
        if (isNumber(a) && isNumber(b)) {
            return new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
        }
        if (a instanceof ArrowType.Decimal one && b instanceof ArrowType.Decimal two) {
            return new ArrowType.Decimal(38, Math.max(one.getScale(), two.getScale()), 128);
        }
        throw ErrorCode.TYPE_MISMATCH
                .error("'" + field.getName() + "' holds both " + a + " and " + b)
                .help("return one type for a column, or declare the schema of the stage")
                .toException();
    }

    private static boolean isNumber(ArrowType type) {
        return type instanceof ArrowType.Int || type instanceof ArrowType.FloatingPoint;
    }

    private static Field nullable(Field named, ArrowType type, List<Field> children) {
        return new Field(named.getName(), new FieldType(true, type, null, named.getMetadata()), children);
    }
}
