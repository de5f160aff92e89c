package io.solstice.worker.record;

import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Translates between what {@link Row} holds and what record components hold, for the types that no code is generated
 * for: enums, lists, arrays and nested records. Chosen once for a component; the functions are given no nulls.
 */
final class RowValues {
    private RowValues() {}

    static Function<Object, Object> toComponent(Type type) {
        Optional<Type> item = ComponentTypes.itemType(type);
        if (item.isPresent()) {
            return toList(type, item.get());
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isRecord()) {
            return toRecord(RecordShape.of(raw));
        } else if (raw.isEnum()) {
            return toEnum(raw);
        } else if (raw == Instant.class) {
            return value -> value instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : value;
        }
        return switch (MethodType.methodType(raw).unwrap().returnType().getName()) {
            case "byte" -> value -> ((Number) value).byteValue();
            case "short" -> value -> ((Number) value).shortValue();
            case "int" -> value -> ((Number) value).intValue();
            case "long" -> value -> ((Number) value).longValue();
            case "float" -> value -> ((Number) value).floatValue();
            case "double" -> value -> ((Number) value).doubleValue();
            default -> value -> value;
        };
    }

    private static Function<Object, Object> toList(Type type, Type item) {
        if (type == float[].class) {
            return value -> value instanceof float[] ? value : floats(items(value));
        } else if (type == double[].class) {
            return value -> value instanceof double[]
                    ? value
                    : numbers(items(value)).mapToDouble(Number::doubleValue).toArray();
        } else if (type == long[].class) {
            return value -> numbers(items(value)).mapToLong(Number::longValue).toArray();
        } else if (type == int[].class) {
            return value -> numbers(items(value)).mapToInt(Number::intValue).toArray();
        }
        Function<Object, Object> each = toComponent(item);
        return value -> {
            List<@Nullable Object> list = new ArrayList<>();
            for (Object member : items(value)) {
                list.add(member == null ? null : each.apply(member));
            }
            return list;
        };
    }

    private static java.util.stream.Stream<Number> numbers(List<?> items) {
        return items.stream().map(item -> {
            if (item == null) {
                throw ErrorCode.NULL_VALUE
                        .error("an array of primitives cannot hold a null")
                        .help("declare the component as a List")
                        .toException();
            }
            return (Number) item;
        });
    }

    private static float[] floats(List<?> items) {
        List<Number> numbers = numbers(items).toList();
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i).floatValue();
        }
        return floats;
    }

    private static List<?> items(Object value) {
        if (value instanceof float[] floats) {
            List<Float> list = new ArrayList<>();
            for (float item : floats) {
                list.add(item);
            }
            return list;
        } else if (value instanceof double[] doubles) {
            return Arrays.stream(doubles).boxed().toList();
        }
        return (List<?>) value;
    }

    private static Function<Object, Object> toEnum(Class<?> type) {
        Map<String, Object> constants = new HashMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(((Enum<?>) constant).name(), constant);
        }
        return value -> {
            Object constant = constants.get((String) value);
            if (constant == null) {
                throw ErrorCode.TYPE_MISMATCH
                        .error("'" + value + "' is no " + type.getSimpleName())
                        .help(NearestName.help((String) value, constants.keySet()))
                        .toException();
            }
            return constant;
        };
    }

    private static Function<Object, Object> toRecord(RecordShape shape) {
        List<RecordShape.Component> components = shape.components();
        List<Function<Object, Object>> each = components.stream()
                .map(component -> toComponent(component.genericType()))
                .toList();
        MethodHandle constructor = shape.constructor()
                .asSpreader(Object[].class, components.size())
                .asType(MethodType.methodType(Object.class, Object[].class));
        return value -> {
            @Nullable Object[] arguments = new Object[each.size()];
            for (int i = 0; i < arguments.length; i++) {
                RecordShape.Component component = components.get(i);
                Object member = ((Row) value).get(component.name());
                if (member == null && component.type().isPrimitive()) {
                    throw RecordLoop.nullValue(component.name());
                }
                arguments[i] = member == null ? null : each.get(i).apply(member);
            }
            return invoke(() -> (Object) constructor.invokeExact(arguments));
        };
    }

    /** From what a component holds to what a row does. */
    static Function<Object, Object> fromComponent(Type type) {
        Optional<Type> item = ComponentTypes.itemType(type);
        if (item.isPresent() && type instanceof Class<?>) {
            return value -> value;
        } else if (item.isPresent()) {
            Function<Object, Object> each = fromComponent(item.get());
            return value -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (Object member : (Iterable<?>) value) {
                    list.add(member == null ? null : each.apply(member));
                }
                return list;
            };
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isRecord()) {
            return fromRecord(RecordShape.of(raw));
        }
        return raw.isEnum() ? value -> ((Enum<?>) value).name() : value -> value;
    }

    private static Function<Object, Object> fromRecord(RecordShape shape) {
        List<String> names =
                shape.components().stream().map(RecordShape.Component::name).toList();
        List<MethodHandle> accessors = new ArrayList<>();
        List<Function<Object, Object>> each = new ArrayList<>();
        for (RecordShape.Component component : shape.components()) {
            accessors.add(component.accessor().asType(MethodType.methodType(Object.class, Object.class)));
            each.add(fromComponent(component.genericType()));
        }
        return value -> {
            @Nullable Object[] namesAndValues = new Object[names.size() * 2];
            for (int i = 0; i < names.size(); i++) {
                MethodHandle accessor = accessors.get(i);
                Object member = invoke(() -> (Object) accessor.invokeExact(value));
                namesAndValues[2 * i] = names.get(i);
                namesAndValues[2 * i + 1] = member == null ? null : each.get(i).apply(member);
            }
            return Row.of(namesAndValues);
        };
    }

    @FunctionalInterface
    private interface Invocation {
        Object run() throws Throwable;
    }

    /** What a user's constructor or accessor throws goes on as it is. */
    private static Object invoke(Invocation invocation) {
        try {
            return invocation.run();
        } catch (Throwable failure) {
            throw RowValues.<RuntimeException>unchecked(failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException unchecked(Throwable failure) throws T {
        throw (T) failure;
    }
}
