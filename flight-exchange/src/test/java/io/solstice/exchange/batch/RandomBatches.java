package io.solstice.exchange.batch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Random schemas over all layouts that Arrow has, and random rows for them. */
public final class RandomBatches {
    private static final List<ArrowType> FLAT = List.of(
            ArrowType.Null.INSTANCE,
            ArrowType.Bool.INSTANCE,
            new ArrowType.Int(8, true),
            new ArrowType.Int(16, true),
            new ArrowType.Int(32, true),
            new ArrowType.Int(64, true),
            new ArrowType.Int(8, false),
            new ArrowType.Int(16, false),
            new ArrowType.Int(32, false),
            new ArrowType.Int(64, false),
            new ArrowType.FloatingPoint(FloatingPointPrecision.HALF),
            new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE),
            new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE),
            new ArrowType.Decimal(20, 4, 128),
            new ArrowType.Decimal(50, 4, 256),
            new ArrowType.Date(DateUnit.DAY),
            new ArrowType.Date(DateUnit.MILLISECOND),
            new ArrowType.Time(TimeUnit.SECOND, 32),
            new ArrowType.Time(TimeUnit.MILLISECOND, 32),
            new ArrowType.Time(TimeUnit.MICROSECOND, 64),
            new ArrowType.Time(TimeUnit.NANOSECOND, 64),
            new ArrowType.Timestamp(TimeUnit.SECOND, null),
            new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"),
            new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC"),
            new ArrowType.Duration(TimeUnit.MICROSECOND),
            new ArrowType.Interval(IntervalUnit.YEAR_MONTH),
            new ArrowType.Interval(IntervalUnit.DAY_TIME),
            new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO),
            new ArrowType.FixedSizeBinary(3),
            new ArrowType.FixedSizeBinary(16),
            ArrowType.Utf8.INSTANCE,
            ArrowType.Binary.INSTANCE,
            ArrowType.LargeUtf8.INSTANCE,
            ArrowType.LargeBinary.INSTANCE,
            ArrowType.Utf8View.INSTANCE,
            ArrowType.BinaryView.INSTANCE);

    private final Random random;
    private final BufferAllocator allocator;

    public RandomBatches(Random random, BufferAllocator allocator) {
        this.random = random;
        this.allocator = allocator;
    }

    /** How many types {@link #flat} knows. */
    public static int flatTypes() {
        return FLAT.size();
    }

    /** A nullable field of the type of that number. */
    public static Field flat(String name, int type) {
        return Field.nullable(name, FLAT.get(type));
    }

    public Schema schema(int columns) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            fields.add(field("c" + i, 3));
        }
        return new Schema(fields);
    }

    private Field field(String name, int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(12);
        return switch (kind) {
            case 1 -> nested(name, ArrowType.Struct.INSTANCE, field("x", depth - 1), field("y", depth - 1));
            case 2 -> nested(name, ArrowType.List.INSTANCE, field("item", depth - 1));
            case 3 -> nested(name, ArrowType.LargeList.INSTANCE, field("item", depth - 1));
            case 4 -> nested(name, new ArrowType.FixedSizeList(random.nextInt(4)), field("item", depth - 1));
            case 5 -> map(name, field("value", depth - 1));
            default -> flat(name, random.nextInt(FLAT.size()));
        };
    }

    private static Field nested(String name, ArrowType type, Field... children) {
        return new Field(name, FieldType.nullable(type), List.of(children));
    }

    private static Field map(String name, Field value) {
        Field key = new Field("key", FieldType.notNullable(ArrowType.Utf8.INSTANCE), null);
        Field entries = new Field("entries", FieldType.notNullable(ArrowType.Struct.INSTANCE), List.of(key, value));
        return new Field(name, FieldType.nullable(new ArrowType.Map(false)), List.of(entries));
    }

    public Batch batch(Schema schema, int rows) {
        double[] densities = {0, 0.05, 0.5, 0.95, 1};
        List<FieldVector> vectors = new ArrayList<>();
        for (Field field : schema.getFields()) {
            FieldVector vector = field.createVector(allocator);
            vectors.add(vector);
            fill(vector, rows, densities[random.nextInt(densities.length)]);
        }
        return Batch.of(schema, vectors, rows);
    }

    private void fill(FieldVector vector, int rows, double nulls) {
        double density = vector.getField().isNullable() ? nulls : 0;
        vector.setInitialCapacity(rows);
        vector.allocateNew();
        if (vector instanceof BitVector bits) {
            for (int row = 0; row < rows; row++) {
                if (present(density)) {
                    bits.setSafe(row, random.nextInt(2));
                }
            }
        } else if (vector instanceof BaseFixedWidthVector fixed) {
            fillFixed(fixed, rows, density);
        } else if (vector instanceof VariableWidthFieldVector variable) {
            for (int row = 0; row < rows; row++) {
                if (present(density)) {
                    variable.setSafe(row, bytes(vector instanceof VarCharVector));
                }
            }
        } else if (!(vector instanceof NullVector)) {
            fillNested(vector, rows, density, nulls);
        }
        vector.setValueCount(rows);
    }

    private void fillFixed(BaseFixedWidthVector vector, int rows, double density) {
        ArrowType type = vector.getField().getType();
        boolean anyBits = type instanceof ArrowType.Int
                || type instanceof ArrowType.FloatingPoint
                || type instanceof ArrowType.FixedSizeBinary;
        vector.allocateNew(rows);
        vector.zeroVector();
        for (int row = 0; row < rows; row++) {
            if (!present(density)) {
                continue;
            }
            byte[] value = new byte[vector.getTypeWidth()];
            if (anyBits) {
                random.nextBytes(value);
            } else {
                // a valid time of day in every unit, and a small number everywhere else
                int small = random.nextInt(86_400);
                for (int i = 0; i < 4; i++) {
                    value[i] = (byte) (small >>> (8 * i));
                }
            }
            vector.getDataBuffer().setBytes((long) row * value.length, value);
            BitVectorHelper.setBit(vector.getValidityBuffer(), row);
        }
    }

    private void fillNested(FieldVector vector, int rows, double density, double nulls) {
        if (vector instanceof StructVector struct) {
            for (int i = 0; i < struct.size(); i++) {
                fill((FieldVector) struct.getChildByOrdinal(i), rows, nulls);
            }
            for (int row = 0; row < rows; row++) {
                if (present(density)) {
                    struct.setIndexDefined(row);
                } else {
                    struct.setNull(row);
                }
            }
        } else if (vector instanceof FixedSizeListVector list) {
            fill(list.getDataVector(), rows * list.getListSize(), nulls);
            for (int row = 0; row < rows; row++) {
                if (present(density)) {
                    list.setNotNull(row);
                }
            }
        } else {
            fillLists(vector, rows, density, nulls);
        }
    }

    private void fillLists(FieldVector vector, int rows, double density, double nulls) {
        int items = 0;
        for (int row = 0; row < rows; row++) {
            if (!present(density)) {
                vector.setNull(row);
                continue;
            }
            int length = random.nextInt(4);
            items += length;
            if (vector instanceof ListVector list) {
                list.startNewValue(row);
                list.endValue(row, length);
            } else if (vector instanceof LargeListVector list) {
                list.startNewValue(row);
                list.endValue(row, length);
            }
        }
        fill(vector.getChildrenFromFields().get(0), items, nulls);
    }

    private boolean present(double nullDensity) {
        return random.nextDouble() >= nullDensity;
    }

    private byte[] bytes(boolean text) {
        byte[] bytes = new byte[random.nextInt(25)];
        random.nextBytes(bytes);
        return text ? Integer.toString(Arrays.hashCode(bytes), 36).getBytes(StandardCharsets.UTF_8) : bytes;
    }

    /** A row as values that can be compared: arrays become lists. */
    public static List<@Nullable Object> row(Batch batch, int row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (FieldVector column : batch.columns()) {
            values.add(comparable(column.getObject(row)));
        }
        return values;
    }

    /** All rows, see {@link #row}. */
    public static List<List<@Nullable Object>> rows(Batch batch) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < batch.rowCount(); i++) {
            rows.add(row(batch, i));
        }
        return rows;
    }

    private static @Nullable Object comparable(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> items = new ArrayList<>();
            list.forEach(item -> items.add(comparable(item)));
            return items;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> members = new LinkedHashMap<>();
            map.forEach((key, member) -> members.put(key, comparable(member)));
            return members;
        }
        return value;
    }
}
