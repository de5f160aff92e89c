package io.solstice.connector.lance;

import io.solstice.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** What columns a Lance table can hold, and whether rows of one schema fit another. */
final class TableSchema {
    private static final Set<String> RESERVED =
            Set.of("_rowid", "_rowaddr", "_rowoffset", "_row_created_at_version", "_row_last_updated_at_version");
    private static final String COMMON_FORMAT = "2.1";
    private static final String NESTED_FORMAT = "2.2";

    private TableSchema() {}

    /** Refuses columns that a Lance table cannot hold or would not give back as they were. */
    static void requireStorable(Schema schema, TableLocation location) {
        Set<String> seen = new HashSet<>();
        for (Field column : schema.getFields()) {
            String fault = nameFault(column.getName());
            if (fault == null && !seen.add(column.getName())) {
                fault = "another column has the same name";
            }
            if (fault == null) {
                fault = typeFault(column);
            }
            if (fault != null) {
                throw ErrorCode.TARGET_CONFLICT
                        .error("a Lance table cannot hold the column '" + column.getName() + "'")
                        .where(location.option() + ": " + location.path())
                        .cause(fault)
                        .help("rename, convert or leave out the column before the sink")
                        .toException();
            }
        }
    }

    private static @Nullable String nameFault(String name) {
        if (name.isEmpty()) {
            return "its name is empty";
        }
        if (name.contains(".") || name.contains("`")) {
            return "its name contains a dot or a backtick, which Lance cannot look up";
        }
        return RESERVED.contains(name) ? "Lance keeps that name for itself" : null;
    }

    private static @Nullable String typeFault(Field field) {
        ArrowType type = field.getType();
        if (field.getDictionary() != null) {
            return "it is dictionary-encoded; expected plain values";
        }
        boolean storable = switch (type.getTypeID()) {
            case Null, Bool, Int, FloatingPoint, Utf8, LargeUtf8, Binary, LargeBinary, FixedSizeBinary -> true;
            case Date, Time, Timestamp, Duration, List, LargeList, FixedSizeList, Map -> true;
            case Decimal -> ((ArrowType.Decimal) type).getBitWidth() >= 128;
            // Lance gives back the nulls of a struct only through its fields.
            case Struct -> !field.getChildren().isEmpty();
            default -> false;
        };
        if (!storable) {
            return "its type " + describe(field) + " has no counterpart in Lance";
        }
        for (Field child : field.getChildren()) {
            String fault = typeFault(child);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    /** The oldest file format that holds the columns: maps, and structs in fixed-size lists, need the newer one. */
    static String fileFormat(Schema schema) {
        return schema.getFields().stream().anyMatch(TableSchema::needsNestedFormat) ? NESTED_FORMAT : COMMON_FORMAT;
    }

    private static boolean needsNestedFormat(Field field) {
        boolean structs = field.getType() instanceof ArrowType.FixedSizeList
                && field.getChildren().get(0).getType() instanceof ArrowType.Struct;
        return structs
                || field.getType() instanceof ArrowType.Map
                || field.getChildren().stream().anyMatch(TableSchema::needsNestedFormat);
    }

    /**
     * Why rows of {@code input} cannot be written as rows of {@code target}, or null if they can. The order of the
     * columns does not matter, nor do the names of list elements. A column without nulls may get rows of a column that
     * allows them: the rows are looked at.
     */
    static @Nullable String difference(Schema target, Schema input) {
        for (Field expected : target.getFields()) {
            Field found = find(input, expected.getName());
            if (found == null) {
                return "the column '" + expected.getName() + "' (" + describe(expected) + ") is missing; found "
                        + names(input);
            }
            String fault = difference(expected, found, expected.getName());
            if (fault != null) {
                return fault;
            }
        }
        for (Field extra : input.getFields()) {
            if (find(target, extra.getName()) == null) {
                return "the column '" + extra.getName() + "' (" + describe(extra) + ") is not among " + names(target);
            }
        }
        return null;
    }

    private static @Nullable String difference(Field expected, Field found, String path) {
        boolean sameShape = expected.getType().equals(found.getType())
                && expected.getDictionary() == null
                && found.getDictionary() == null
                && expected.getChildren().size() == found.getChildren().size();
        if (!sameShape) {
            return "the column '" + path + "' is " + describe(found) + "; expected " + describe(expected);
        }
        for (int i = 0; i < expected.getChildren().size(); i++) {
            Field inner = expected.getChildren().get(i);
            Field given = found.getChildren().get(i);
            boolean named = expected.getType() instanceof ArrowType.Struct;
            if (named && !inner.getName().equals(given.getName())) {
                return "the column '" + path + "' is " + describe(found) + "; expected " + describe(expected);
            }
            if (!inner.isNullable() && given.isNullable()) {
                return "values inside the column '" + path + "' may be null; expected none that are";
            }
            String fault = difference(inner, given, named ? path + "." + inner.getName() : path);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    /** For each column of the target its position in the input, where {@link #difference} found none. */
    static int[] origins(Schema target, Schema input) {
        int[] origins = new int[target.getFields().size()];
        for (int i = 0; i < origins.length; i++) {
            origins[i] = input.getFields()
                    .indexOf(find(input, target.getFields().get(i).getName()));
        }
        return origins;
    }

    static @Nullable Field find(Schema schema, String name) {
        for (Field field : schema.getFields()) {
            if (field.getName().equals(name)) {
                return field;
            }
        }
        return null;
    }

    private static List<String> names(Schema schema) {
        List<String> names = new ArrayList<>();
        schema.getFields().forEach(field -> names.add(field.getName()));
        return names;
    }

    private static String describe(Field field) {
        if (field.getDictionary() != null) {
            return field.getType() + " encoded by a dictionary";
        }
        List<String> inner = new ArrayList<>();
        for (Field child : field.getChildren()) {
            boolean named = field.getType() instanceof ArrowType.Struct;
            inner.add(named ? child.getName() + ": " + describe(child) : describe(child));
        }
        return field.getType() + (inner.isEmpty() ? "" : "<" + String.join(", ", inner) + ">");
    }
}
