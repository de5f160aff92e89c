package io.solstice.worker.expression;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.bytecode.Lane;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Batches with a column of every type that expressions know, filled with ordinary and extreme values and nulls. */
final class RandomBatch {
    static final Schema SCHEMA = new Schema(columns());

    private static final long[] WHOLE = {
        0,
        1,
        -1,
        2,
        3,
        7,
        -5,
        100,
        123,
        127,
        -128,
        255,
        32767,
        -32768,
        65535,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE - 1,
        1_700_000_000_000_000L
    };
    private static final double[] REAL = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        2.75,
        -3.5,
        1e9,
        1e18,
        1e19,
        -1e19,
        1e300,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        123
    };
    static final String[] TEXT = {
        "",
        "a",
        "ab",
        "abc",
        "b",
        "A",
        "héllo",
        "漢字",
        "\uD83D\uDE00",
        "\uFFFF",
        "12",
        "-7",
        "3.5",
        "true",
        "1e400",
        "zz"
    };

    private RandomBatch() {}

    private static List<Field> columns() {
        List<Field> fields = new ArrayList<>();
        for (int bits = 8; bits <= 64; bits *= 2) {
            fields.add(field("i" + bits, new ArrowType.Int(bits, true)));
            fields.add(field("u" + bits, new ArrowType.Int(bits, false)));
        }
        fields.add(field("f16", new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)));
        fields.add(field("f32", Types.FLOAT32));
        fields.add(field("f64", Types.FLOAT64));
        fields.add(field("b", Types.BOOL));
        fields.add(field("t", Types.UTF8));
        fields.add(field("lt", ArrowType.LargeUtf8.INSTANCE));
        fields.add(field("vt", ArrowType.Utf8View.INSTANCE));
        fields.add(field("bin", new ArrowType.FixedSizeBinary(2)));
        fields.add(field("dec", new ArrowType.Decimal(20, 3, 128)));
        fields.add(field("day", Types.DATE));
        fields.add(field("day64", new ArrowType.Date(DateUnit.MILLISECOND)));
        fields.add(field("sec", new ArrowType.Timestamp(TimeUnit.SECOND, null)));
        fields.add(field("us", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")));
        fields.add(field("ns", new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC")));
        fields.add(field("time", new ArrowType.Time(TimeUnit.MILLISECOND, 32)));
        fields.add(field("span", new ArrowType.Duration(TimeUnit.MICROSECOND)));
        List<Field> children = List.of(field("x", Types.INT64), field("y", Types.UTF8), field("z", Types.FLOAT64));
        fields.add(new Field("s", FieldType.nullable(ArrowType.Struct.INSTANCE), children));
        return fields;
    }

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), List.of());
    }

    /** @param nulls the share of nulls in each column that has any */
    static Batch make(Random random, int rows, double nulls, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>();
        for (Field field : SCHEMA.getFields()) {
            FieldVector vector = field.createVector(allocator);
            double share = random.nextInt(3) == 0 ? 0 : nulls;
            fill(vector, random, rows, share);
            vectors.add(vector);
        }
        return Batch.of(SCHEMA, vectors, rows);
    }

    private static void fill(FieldVector vector, Random random, int rows, double nulls) {
        vector.setInitialCapacity(rows);
        vector.allocateNew();
        if (vector instanceof StructVector struct) {
            struct.getChildrenFromFields().forEach(child -> fill(child, random, rows, nulls));
        }
        for (int row = 0; row < rows; row++) {
            if (random.nextDouble() >= nulls) {
                set(vector, row, random);
            } else if (!(vector instanceof StructVector)) {
                vector.setNull(row);
            }
        }
        vector.setValueCount(rows);
    }

    private static void set(FieldVector vector, int row, Random random) {
        byte[] text = TEXT[random.nextInt(TEXT.length)].getBytes(StandardCharsets.UTF_8);
        if (vector instanceof BitVector bits) {
            bits.setSafe(row, random.nextInt(2));
        } else if (vector instanceof VarCharVector v) {
            v.setSafe(row, text);
        } else if (vector instanceof LargeVarCharVector v) {
            v.setSafe(row, text);
        } else if (vector instanceof ViewVarCharVector v) {
            v.setSafe(row, text);
        } else if (vector instanceof FixedSizeBinaryVector v) {
            v.setSafe(row, new byte[] {(byte) random.nextInt(2), (byte) random.nextInt(256)});
        } else if (vector instanceof DecimalVector v) {
            v.setSafe(row, BigDecimal.valueOf(random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(9), 3));
        } else if (vector instanceof StructVector v) {
            v.setIndexDefined(row);
        } else {
            setNumber((BaseFixedWidthVector) vector, row, random);
        }
    }

    private static void setNumber(BaseFixedWidthVector vector, int row, Random random) {
        BitVectorHelper.setBit(vector.getValidityBuffer(), row);
        long whole = random.nextInt(3) > 0 ? random.nextInt(20) - 4 : WHOLE[random.nextInt(WHOLE.length)];
        double real = random.nextInt(3) > 0 ? random.nextInt(9) / 2.0 : REAL[random.nextInt(REAL.length)];
        Lane lane = Lane.of(vector.getField().getType());
        long at = (long) row * vector.getTypeWidth();
        switch (vector.getTypeWidth()) {
            case 1 -> vector.getDataBuffer().setByte(at, (byte) whole);
            case 2 -> vector.getDataBuffer().setShort(at, (short) (lane == Lane.FLOAT ? 0x3c00 + whole : whole));
            case 4 -> {
                if (lane == Lane.FLOAT) {
                    vector.getDataBuffer().setFloat(at, (float) real);
                } else {
                    vector.getDataBuffer().setInt(at, (int) whole);
                }
            }
            default -> {
                if (lane == Lane.DOUBLE) {
                    vector.getDataBuffer().setDouble(at, real);
                } else {
                    vector.getDataBuffer().setLong(at, whole);
                }
            }
        }
    }
}
