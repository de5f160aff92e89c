package io.solstice.api.row;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns that a Java record stands for, one for each component, in order. Primitives are columns without nulls,
 * everything else may be null. Texts and enums are utf8, Instant is timestamp(us, UTC), LocalDateTime timestamp(us),
 * BigDecimal decimal(38, 9), arrays and lists are lists, and a record in a record is a struct.
 */
public final class RecordSchema {
    private static final Map<Class<?>, ArrowType> SCALARS = Map.ofEntries(
            Map.entry(Boolean.class, ArrowType.Bool.INSTANCE),
            Map.entry(Byte.class, new ArrowType.Int(8, true)),
            Map.entry(Short.class, new ArrowType.Int(16, true)),
            Map.entry(Integer.class, new ArrowType.Int(32, true)),
            Map.entry(Long.class, new ArrowType.Int(64, true)),
            Map.entry(Float.class, new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
            Map.entry(Double.class, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
            Map.entry(String.class, ArrowType.Utf8.INSTANCE),
            Map.entry(byte[].class, ArrowType.Binary.INSTANCE),
            Map.entry(Instant.class, new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
            Map.entry(LocalDateTime.class, new ArrowType.Timestamp(TimeUnit.MICROSECOND, null)),
            Map.entry(LocalDate.class, new ArrowType.Date(DateUnit.DAY)),
            Map.entry(LocalTime.class, new ArrowType.Time(TimeUnit.MICROSECOND, 64)),
            Map.entry(Duration.class, new ArrowType.Duration(TimeUnit.MICROSECOND)),
            Map.entry(BigDecimal.class, new ArrowType.Decimal(38, 9, 128)));

    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            boolean.class, Boolean.class,
            byte.class, Byte.class,
            short.class, Short.class,
            int.class, Integer.class,
            long.class, Long.class,
            float.class, Float.class,
            double.class, Double.class);

    /** The records that are being looked into, outermost first: one inside itself has no schema. */
    private final Set<Class<?>> open = new HashSet<>();

    private RecordSchema() {}

    /** The schema of the record; a component of a type that has no column is an error that names it. */
    public static Schema of(Class<? extends Record> type) {
        return new Schema(new RecordSchema().fields(type, ""));
    }

    private List<Field> fields(Class<?> record, String prefix) {
        if (!open.add(record)) {
            throw ErrorCode.RECORD_TYPE
                    .error("record " + record.getSimpleName() + " contains itself")
                    .where("component '" + prefix + "'")
                    .help("columns have a fixed depth; keep the inner part as a text, or as a list of ids")
                    .toException();
        }
        List<Field> fields = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            fields.add(field(component.getName(), component.getGenericType(), prefix + component.getName(), record));
        }
        open.remove(record);
        return fields;
    }

    private Field field(String name, Type type, String place, Class<?> record) {
        if (type instanceof ParameterizedType generic
                && generic.getRawType() instanceof Class<?> raw
                && raw.isAssignableFrom(List.class)
                && Iterable.class.isAssignableFrom(raw)) {
            return list(name, generic.getActualTypeArguments()[0], place, record);
        }
        if (type instanceof Class<?> raw) {
            Optional<ArrowType> scalar = scalar(raw);
            if (scalar.isPresent()) {
                return new Field(name, new FieldType(!raw.isPrimitive(), scalar.get(), null), List.of());
            } else if (raw == float[].class || raw == double[].class || raw == int[].class || raw == long[].class) {
                return list(name, raw.getComponentType(), place, record);
            } else if (raw.isRecord()) {
                return new Field(name, FieldType.nullable(ArrowType.Struct.INSTANCE), fields(raw, place + "."));
            }
        }
        throw unsupported(type, place, record);
    }

    private Field list(String name, Type item, String place, Class<?> record) {
        return new Field(
                name, FieldType.nullable(ArrowType.List.INSTANCE), List.of(field("item", item, place, record)));
    }

    /** The type of a component that is a single value, or nothing if it is not or has no column. */
    private static Optional<ArrowType> scalar(Class<?> type) {
        if (type.isEnum()) {
            return Optional.of(ArrowType.Utf8.INSTANCE);
        }
        return Optional.ofNullable(SCALARS.get(BOXES.getOrDefault(type, type)));
    }

    private static SolsticeException unsupported(Type type, String place, Class<?> record) {
        return ErrorCode.RECORD_TYPE
                .error("component '" + place + "' of record " + record.getSimpleName() + " has a type without columns")
                .cause("it is a " + type.getTypeName())
                .help("use primitives, their boxes, String, enums, byte[], float[], double[], Instant, LocalDateTime,"
                        + " LocalDate, LocalTime, Duration, BigDecimal, lists and records of these")
                .toException();
    }
}
