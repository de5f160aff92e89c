package io.solstice.connector.lance;

import static io.solstice.connector.lance.Lab.FLOAT64;
import static io.solstice.connector.lance.Lab.INT64;
import static io.solstice.connector.lance.Lab.TEXT;
import static io.solstice.connector.lance.Lab.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.sink.LanceSink;
import io.solstice.api.source.LanceTableSource;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.PushdownSource;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedWidthVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type goes into a table and comes out as it was, in large batches and row by row. */
class RoundTripTest {
    @TempDir
    Path folder;

    static Stream<Arguments> types() {
        Map<String, Field> types = new LinkedHashMap<>();
        types.put("null", field("c", new ArrowType.Null()));
        types.put("boolean", field("c", new ArrowType.Bool()));
        for (int bits : new int[] {8, 16, 32, 64}) {
            types.put("int" + bits, field("c", new ArrowType.Int(bits, true)));
            types.put("uint" + bits, field("c", new ArrowType.Int(bits, false)));
        }
        types.put("float32", field("c", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)));
        types.put("float64", field("c", FLOAT64));
        types.put("text", field("c", TEXT));
        types.put("large text", field("c", new ArrowType.LargeUtf8()));
        types.put("binary", field("c", new ArrowType.Binary()));
        types.put("large binary", field("c", new ArrowType.LargeBinary()));
        types.put("fixed binary", field("c", new ArrowType.FixedSizeBinary(5)));
        types.put("decimal", field("c", new ArrowType.Decimal(20, 4, 128)));
        types.put("date", field("c", new ArrowType.Date(DateUnit.DAY)));
        types.put("time", field("c", new ArrowType.Time(TimeUnit.MICROSECOND, 64)));
        for (TimeUnit unit : TimeUnit.values()) {
            types.put("timestamp " + unit, field("c", new ArrowType.Timestamp(unit, null)));
            types.put("zoned timestamp " + unit, field("c", new ArrowType.Timestamp(unit, "Europe/Berlin")));
            types.put("duration " + unit, field("c", new ArrowType.Duration(unit)));
        }
        types.put("list", field("c", new ArrowType.List(), field("item", INT64)));
        types.put("large list", field("c", new ArrowType.LargeList(), field("item", TEXT)));
        types.put(
                "embedding",
                field(
                        "c",
                        new ArrowType.FixedSizeList(8),
                        field("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE))));
        types.put("struct", field("c", new ArrowType.Struct(), field("x", INT64), field("y", TEXT)));
        types.put(
                "list of structs with lists",
                field(
                        "c",
                        new ArrowType.List(),
                        field(
                                "item",
                                new ArrowType.Struct(),
                                field("x", INT64),
                                field("l", new ArrowType.List(), field("item", TEXT)))));
        Field key = new Field("key", FieldType.notNullable(TEXT), null);
        Field entries = new Field(
                "entries", FieldType.notNullable(new ArrowType.Struct()), List.of(key, field("value", INT64)));
        types.put("map", field("c", new ArrowType.Map(false), entries));
        types.put("not null", new Field("c", FieldType.notNullable(INT64), null));
        return types.entrySet().stream().map(type -> Arguments.of(type.getKey(), type.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    void keepsValuesAndNulls(String name, Field column) throws Exception {
        Schema schema = new Schema(List.of(field("id", INT64), column));
        Random random = new Random(7);
        String whole = folder.resolve("whole.lance").toString();
        String gathered = folder.resolve("gathered.lance").toString();
        try (Lab lab = new Lab()) {
            List<List<String>> expected;
            try (Batch batch = lab.batch(schema, 100, (root, row) -> {
                put(root.getVector(0), row, random, false);
                put(root.getVector(1), row, random, column.isNullable());
            })) {
                expected = Lab.rows(batch);
                lab.write(LanceSink.of(whole).bufferSize(10), "a", batch.share());
                Batch[] single = new Batch[100];
                for (int i = 0; i < single.length; i++) {
                    single[i] = batch.slice(i, 1);
                }
                lab.write(LanceSink.of(gathered).bufferSize(7), "a", single);
            }
            assertThat(lab.read(LanceTableSource.of(whole).batchSize(33))).isEqualTo(expected);
            assertThat(lab.read(LanceTableSource.of(gathered))).isEqualTo(expected);
            try (PushdownSource source = Lab.connector().source(LanceTableSource.of(whole))) {
                assertThat(source.schema().toString()).isEqualTo(schema.toString());
            }
            lab.write(LanceSink.of(whole), "b", lab.batch(schema, 3, (root, row) -> {
                put(root.getVector(0), row, random, false);
                put(root.getVector(1), row, random, false);
            }));
            assertThat(LanceTables.countRows(Path.of(whole))).isEqualTo(103);
        }
    }

    /** Puts a random value, or sometimes null, at the row; fills children as needed. */
    private static void put(FieldVector vector, int row, Random random, boolean nulls) {
        if (vector instanceof NullVector || (nulls && random.nextInt(4) == 0)) {
            vector.setNull(row);
        } else if (vector instanceof VarCharVector text) {
            text.setSafe(row, text(random));
        } else if (vector instanceof LargeVarCharVector text) {
            text.setSafe(row, text(random));
        } else if (vector instanceof VarBinaryVector bytes) {
            bytes.setSafe(row, text(random));
        } else if (vector instanceof LargeVarBinaryVector bytes) {
            bytes.setSafe(row, text(random));
        } else if (vector instanceof DecimalVector decimal) {
            decimal.setSafe(row, BigDecimal.valueOf(random.nextLong() >> 8, 4));
        } else if (vector instanceof StructVector struct) {
            struct.setIndexDefined(row);
            for (FieldVector child : struct.getChildrenFromFields()) {
                put(child, row, random, child.getField().isNullable() && nulls);
            }
        } else if (vector instanceof ListVector list) {
            int start = list.startNewValue(row);
            int length = random.nextInt(4);
            for (int i = 0; i < length; i++) {
                put(list.getDataVector(), start + i, random, !(vector instanceof MapVector) && nulls);
            }
            list.endValue(row, length);
        } else if (vector instanceof LargeListVector list) {
            long start = list.startNewValue(row);
            int length = random.nextInt(4);
            for (int i = 0; i < length; i++) {
                put(list.getDataVector(), (int) start + i, random, nulls);
            }
            list.endValue(row, length);
        } else if (vector instanceof FixedSizeListVector list) {
            int start = list.startNewValue(row);
            for (int i = 0; i < list.getListSize(); i++) {
                put(list.getDataVector(), start + i, random, nulls);
            }
        } else {
            putFixed(vector, row, random);
        }
    }

    private static void putFixed(FieldVector vector, int row, Random random) {
        while (vector.getValueCapacity() <= row) {
            vector.reAlloc();
        }
        BitVectorHelper.setBit(vector.getValidityBuffer(), row);
        int bits = ((FixedWidthVector) vector).getBufferSizeFor(8);
        if (vector instanceof org.apache.arrow.vector.BitVector bit) {
            bit.setSafe(row, random.nextInt(2));
            return;
        }
        int width = (bits - 1) / 8;
        if (vector instanceof org.apache.arrow.vector.TimeMicroVector time) {
            time.setSafe(row, random.nextInt(1_000_000_000));
            return;
        }
        for (int i = 0; i < width; i++) {
            // Small bytes keep dates within the calendar.
            vector.getDataBuffer().setByte((long) row * width + i, i == width - 1 ? 0 : random.nextInt(100));
        }
    }

    private static byte[] text(Random random) {
        List<String> words = new ArrayList<>(List.of("", "a", "Straße", "naïve", "雪", "it's", "x".repeat(100)));
        return words.get(random.nextInt(words.size())).getBytes(StandardCharsets.UTF_8);
    }
}
