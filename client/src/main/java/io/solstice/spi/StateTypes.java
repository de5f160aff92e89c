package io.solstice.spi;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowSchema;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * The Arrow types of state values. As for rows, but a map keeps to be a map, since in state its keys are data: a column
 * for each of them would be a schema that grows with the state.
 */
public final class StateTypes {
    private static final ArrowType MAP = new ArrowType.Map(false);
    /** Of which all values have one Arrow type. */
    private static final Set<Class<?>> PLAIN = Set.of(
            Boolean.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            String.class,
            Instant.class,
            byte[].class);

    private StateTypes() {}

    /** A field that holds each of the values; an error if there is none. */
    public static Field commonOf(String name, Collection<?> values) {
        Field common = fieldOf(name, null);
        Class<?> seen = Void.class;
        for (Object value : values) {
            if (value == null || value.getClass() != seen) {
                common = common(common, fieldOf(name, value));
                seen = value != null && PLAIN.contains(value.getClass()) ? value.getClass() : Void.class;
            }
        }
        return common;
    }

    /** A field that holds the values of both, under the name of the first; empty if there is none. */
    public static Optional<Field> wider(Field one, Field other) {
        try {
            return Optional.of(common(one, other));
        } catch (SolsticeException none) {
            return Optional.empty();
        }
    }

    static Field fieldOf(String name, @Nullable Object value) {
        if (value instanceof Row row) {
            List<Field> members = new ArrayList<>();
            row.toMap().forEach((member, content) -> members.add(fieldOf(member, content)));
            return nullable(name, ArrowType.Struct.INSTANCE, members);
        }
        if (value instanceof Map<?, ?> map) {
            return map(name, commonOf("value", map.values()));
        }
        if (value instanceof List<?> list) {
            return nullable(name, ArrowType.List.INSTANCE, List.of(commonOf("item", list)));
        }
        return RowSchema.fieldOf(name, value);
    }

    private static Field map(String name, Field values) {
        Field key = new Field("key", FieldType.notNullable(ArrowType.Utf8.INSTANCE), List.of());
        Field entries = new Field("entries", FieldType.notNullable(ArrowType.Struct.INSTANCE), List.of(key, values));
        return nullable(name, MAP, List.of(entries));
    }

    private static Field nullable(String name, ArrowType type, List<Field> children) {
        return new Field(name, FieldType.nullable(type), children);
    }

    /** A field that holds the values of both; an error if there is none. */
    private static Field common(Field one, Field other) {
        ArrowType left = one.getType();
        ArrowType right = other.getType();
        if (left instanceof ArrowType.Null) {
            return other;
        } else if (right instanceof ArrowType.Null) {
            return one;
        } else if (left instanceof ArrowType.Struct && right instanceof ArrowType.Struct) {
            return nullable(one.getName(), left, members(one, other));
        } else if (left instanceof ArrowType.Map && right instanceof ArrowType.Map) {
            return map(one.getName(), common(valuesOf(one), valuesOf(other)));
        } else if (left instanceof ArrowType.List && right instanceof ArrowType.List) {
            Field item = common(one.getChildren().get(0), other.getChildren().get(0));
            return nullable(one.getName(), left, List.of(item));
        } else if (left.equals(right)) {
            return one;
        }
        throw ErrorCode.TYPE_MISMATCH
                .error("a list or map of an operator's state holds both " + left + " and " + right)
                .help("keep values of one type in a list or map, or a Row for values of several types")
                .toException();
    }

    private static List<Field> members(Field one, Field other) {
        Map<String, Field> all = new LinkedHashMap<>();
        one.getChildren().forEach(field -> all.put(field.getName(), field));
        other.getChildren().forEach(field -> all.merge(field.getName(), field, StateTypes::common));
        return List.copyOf(all.values());
    }

    private static Field valuesOf(Field map) {
        return map.getChildren().get(0).getChildren().get(1);
    }
}
