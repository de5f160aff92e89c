package io.solstice.connector.files;

import io.solstice.common.error.ErrorCode;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Which Arrow types text formats can hold, and how messages name them. */
final class TextTypes {
    private TextTypes() {}

    static void requireReadable(Schema schema) {
        for (Field field : schema.getFields()) {
            require(field, field.getName(), true);
        }
    }

    static void requireWritable(Schema schema) {
        for (Field field : schema.getFields()) {
            require(field, field.getName(), false);
        }
    }

    private static void require(Field field, String path, boolean reading) {
        boolean possible = switch (field.getType().getTypeID()) {
            case Null, Bool, Int, Utf8, LargeUtf8, Utf8View, Binary, LargeBinary, BinaryView -> true;
            case FixedSizeBinary, Decimal, Date, Time, Timestamp, Duration -> true;
            case Struct, List, LargeList, FixedSizeList, Map -> true;
            case FloatingPoint ->
                !reading || ((ArrowType.FloatingPoint) field.getType()).getPrecision() != FloatingPointPrecision.HALF;
            case Interval -> !reading;
            case Union, RunEndEncoded, ListView, LargeListView, NONE -> false;
        };
        if (!possible || field.getDictionary() != null) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("a column of type " + field.getType() + " cannot be "
                            + (reading ? "read from" : "written as") + " text")
                    .where("column '" + path + "'")
                    .help("cast it to another type, or leave it out")
                    .toException();
        }
        for (Field child : field.getChildren()) {
            require(child, path + "." + child.getName(), reading);
        }
    }

    static boolean isNested(Field field) {
        return field.getType().isComplex();
    }

    /** As a user would say it: {@code int64}, {@code text}, {@code timestamp in UTC}. */
    static String name(Field field) {
        ArrowType type = field.getType();
        return switch (type.getTypeID()) {
            case Int -> (((ArrowType.Int) type).getIsSigned() ? "int" : "uint") + ((ArrowType.Int) type).getBitWidth();
            case FloatingPoint ->
                ((ArrowType.FloatingPoint) type).getPrecision() == FloatingPointPrecision.SINGLE
                        ? "float32"
                        : "float64";
            case Bool -> "true or false";
            case Utf8, LargeUtf8, Utf8View -> "text";
            case Binary, LargeBinary, BinaryView, FixedSizeBinary -> "binary in base64";
            case Date -> "a date such as 2026-01-31";
            case Time -> "a time such as 12:34:56";
            case Timestamp ->
                ((ArrowType.Timestamp) type).getTimezone() == null
                        ? "a timestamp without a zone such as 2026-01-31T12:34:56"
                        : "a timestamp with a zone such as 2026-01-31T12:34:56Z";
            case Decimal ->
                "decimal(" + ((ArrowType.Decimal) type).getPrecision() + ", " + ((ArrowType.Decimal) type).getScale()
                        + ")";
            case Struct -> "an object";
            case List, LargeList -> "an array";
            case FixedSizeList -> "an array of " + ((ArrowType.FixedSizeList) type).getListSize();
            case Map -> "an object or an array of entries";
            default -> type.toString();
        };
    }
}
