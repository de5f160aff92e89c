package io.solstice.connector.parquet;

import io.solstice.common.error.ErrorCode;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Arrow types in DuckDB's words. */
final class SqlTypes {
    private static final int MOST_DECIMAL_DIGITS = 38;

    private SqlTypes() {}

    /**
     * The column in SQL, so that DuckDB delivers it with the layout of the wanted type.
     *
     * @param delivered its type when it is read as it is
     */
    static String select(Field delivered, Field wanted) {
        String name = DuckDatabase.quoteName(delivered.getName());
        return delivered.getDictionary() == null && sameLayout(delivered, wanted)
                ? name
                : "CAST(" + name + " AS " + name(wanted) + ")";
    }

    /** Whether the buffers of one mean the same in the other, but for names and labels such as the time zone. */
    static boolean sameLayout(Field one, Field other) {
        ArrowType left = one.getType();
        ArrowType right = other.getType();
        boolean same = left.equals(right)
                || (left instanceof ArrowType.Map && right instanceof ArrowType.Map)
                || (left.equals(new ArrowType.Int(64, true)) && right instanceof ArrowType.Duration)
                || (left instanceof ArrowType.Timestamp from
                        && right instanceof ArrowType.Timestamp to
                        && from.getUnit() == to.getUnit()
                        && (from.getTimezone() == null) == (to.getTimezone() == null));
        List<Field> children = one.getChildren();
        if (!same || children.size() != other.getChildren().size()) {
            return false;
        }
        for (int i = 0; i < children.size(); i++) {
            if (!sameLayout(children.get(i), other.getChildren().get(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The type as DuckDB is given it: durations, which Parquet does not have, are whole numbers there; the stored
     * schema says what they are. A type that Parquet or DuckDB cannot hold is an error.
     */
    static Field wire(Field field) {
        ArrowType type = field.getType();
        boolean possible = switch (type.getTypeID()) {
            case Interval, Union, RunEndEncoded, ListView, LargeListView, NONE -> false;
            case FloatingPoint -> ((ArrowType.FloatingPoint) type).getPrecision() != FloatingPointPrecision.HALF;
            case Decimal -> ((ArrowType.Decimal) type).getPrecision() <= MOST_DECIMAL_DIGITS;
            case Struct -> !field.getChildren().isEmpty();
            default -> true;
        };
        if (!possible || field.getDictionary() != null) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("a column of type " + type + " cannot be written to Parquet")
                    .where("column '" + field.getName() + "'")
                    .help("cast it to another type, or leave it out")
                    .toException();
        }
        if (type instanceof ArrowType.Duration) {
            return new Field(
                    field.getName(), new FieldType(field.isNullable(), new ArrowType.Int(64, true), null), List.of());
        }
        List<Field> children = field.getChildren().stream().map(SqlTypes::wire).toList();
        return new Field(field.getName(), field.getFieldType(), children);
    }

    static Schema wire(Schema schema) {
        if (schema.getFields().isEmpty()) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("rows without columns cannot be written to Parquet")
                    .toException();
        }
        return new Schema(schema.getFields().stream().map(SqlTypes::wire).toList());
    }

    private static String name(Field field) {
        ArrowType type = field.getType();
        return switch (type.getTypeID()) {
            case Null -> "\"NULL\"";
            case Bool -> "BOOLEAN";
            case Int -> whole((ArrowType.Int) type);
            case FloatingPoint ->
                ((ArrowType.FloatingPoint) type).getPrecision() == FloatingPointPrecision.DOUBLE ? "DOUBLE" : "FLOAT";
            case Decimal ->
                "DECIMAL(" + ((ArrowType.Decimal) type).getPrecision() + ", " + ((ArrowType.Decimal) type).getScale()
                        + ")";
            case Utf8, LargeUtf8, Utf8View -> "VARCHAR";
            case Binary, LargeBinary, BinaryView, FixedSizeBinary -> "BLOB";
            case Date -> "DATE";
            case Time -> ((ArrowType.Time) type).getUnit() == TimeUnit.NANOSECOND ? "TIME_NS" : "TIME";
            case Timestamp -> timestamp((ArrowType.Timestamp) type);
            case Duration -> "BIGINT";
            case Interval -> "INTERVAL";
            case List, LargeList -> name(child(field)) + "[]";
            case FixedSizeList -> name(child(field)) + "[" + ((ArrowType.FixedSizeList) type).getListSize() + "]";
            case Struct ->
                field.getChildren().stream()
                        .map(child -> DuckDatabase.quoteName(child.getName()) + " " + name(child))
                        .collect(Collectors.joining(", ", "STRUCT(", ")"));
            case Map ->
                "MAP(" + child(field).getChildren().stream().map(SqlTypes::name).collect(Collectors.joining(", "))
                        + ")";
            case Union, RunEndEncoded, ListView, LargeListView, NONE ->
                throw new IllegalArgumentException("DuckDB delivers no " + type);
        };
    }

    private static Field child(Field field) {
        return field.getChildren().get(0);
    }

    private static String whole(ArrowType.Int type) {
        String name = switch (type.getBitWidth()) {
            case 8 -> "TINYINT";
            case 16 -> "SMALLINT";
            case 32 -> "INTEGER";
            default -> "BIGINT";
        };
        return type.getIsSigned() ? name : "U" + name;
    }

    /** DuckDB has no zoned timestamps of seconds and milliseconds; the bare ones have the same layout. */
    private static String timestamp(ArrowType.Timestamp type) {
        boolean zoned = type.getTimezone() != null;
        return switch (type.getUnit()) {
            case SECOND -> "TIMESTAMP_S";
            case MILLISECOND -> "TIMESTAMP_MS";
            case MICROSECOND -> zoned ? "TIMESTAMPTZ" : "TIMESTAMP";
            case NANOSECOND -> zoned ? "TIMESTAMPTZ_NS" : "TIMESTAMP_NS";
        };
    }
}
