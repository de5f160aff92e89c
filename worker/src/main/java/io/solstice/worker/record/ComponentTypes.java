package io.solstice.worker.record;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.expression.TypeName;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** Which columns a record's component can be read from: those whose every value it holds exactly. */
final class ComponentTypes {
    private ComponentTypes() {}

    static boolean accepts(Type component, Field column) {
        Optional<Type> item = itemType(component);
        if (item.isPresent()) {
            return isList(column.getType())
                    && accepts(item.get(), column.getChildren().get(0));
        }
        if (!(component instanceof Class<?> type)) {
            return false;
        }
        if (type.isRecord()) {
            return column.getType() instanceof ArrowType.Struct && acceptsAll(type, column);
        }
        Class<?> primitive = MethodType.methodType(type).unwrap().returnType();
        return primitive.isPrimitive()
                ? acceptsPrimitive(primitive, column.getType())
                : acceptsObject(type, column.getType());
    }

    private static boolean acceptsAll(Class<?> record, Field struct) {
        for (RecordComponent component : record.getRecordComponents()) {
            Optional<Field> field = struct.getChildren().stream()
                    .filter(child -> child.getName().equals(component.getName()))
                    .findFirst();
            if (field.isEmpty() || !accepts(component.getGenericType(), field.get())) {
                return false;
            }
        }
        return true;
    }

    /** What a list or array component consists of. */
    static Optional<Type> itemType(Type component) {
        if (component instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            return raw.isAssignableFrom(List.class)
                    ? Optional.of(generic.getActualTypeArguments()[0])
                    : Optional.empty();
        }
        boolean array = component instanceof Class<?> type && type.isArray() && type != byte[].class;
        return array ? Optional.of(((Class<?>) component).getComponentType()) : Optional.empty();
    }

    private static boolean isList(ArrowType type) {
        return type instanceof ArrowType.List
                || type instanceof ArrowType.LargeList
                || type instanceof ArrowType.FixedSizeList;
    }

    private static boolean acceptsPrimitive(Class<?> primitive, ArrowType column) {
        if (column instanceof ArrowType.Int whole) {
            int bits = whole.getIsSigned() ? whole.getBitWidth() : whole.getBitWidth() + 1;
            return switch (primitive.getName()) {
                case "byte" -> bits <= 8;
                case "short" -> bits <= 16;
                case "int" -> bits <= 32;
                case "long" -> bits <= 64;
                case "float" -> bits <= 24;
                case "double" -> bits <= 53;
                default -> false;
            };
        } else if (column instanceof ArrowType.FloatingPoint real) {
            boolean fits = primitive == float.class && real.getPrecision() != FloatingPointPrecision.DOUBLE;
            return fits || primitive == double.class;
        }
        return primitive == boolean.class && column instanceof ArrowType.Bool;
    }

    private static boolean acceptsObject(Class<?> type, ArrowType column) {
        if (type == String.class || type.isEnum()) {
            return Lane.of(column) == Lane.TEXT;
        } else if (type == byte[].class) {
            return Lane.of(column) == Lane.BYTES;
        } else if (type == Instant.class) {
            return column instanceof ArrowType.Timestamp;
        } else if (type == LocalDateTime.class) {
            return column instanceof ArrowType.Timestamp time && time.getTimezone() == null;
        } else if (type == LocalDate.class) {
            return column instanceof ArrowType.Date;
        } else if (type == LocalTime.class) {
            return column instanceof ArrowType.Time;
        } else if (type == Duration.class) {
            return column instanceof ArrowType.Duration;
        }
        return type == BigDecimal.class && column instanceof ArrowType.Decimal;
    }

    static SolsticeException mismatch(RecordShape shape, RecordShape.Component component, Field column) {
        return ErrorCode.TYPE_MISMATCH
                .error("component '" + component.name() + "' of record "
                        + shape.type().getSimpleName() + " cannot hold the column '" + column.getName() + "'")
                .cause("the column is " + TypeName.of(column.getType()) + ", the component "
                        + component.genericType().getTypeName())
                .help("declare the component with the column's type, or cast the column in a stage before")
                .toException();
    }
}
