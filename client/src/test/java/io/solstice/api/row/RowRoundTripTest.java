package io.solstice.api.row;

import static io.solstice.api.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.exchange.batch.Batch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RowRoundTripTest {
    private static final ArrowType FLOAT = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    private static final ArrowType DOUBLE = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingIsLeft() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    private static ArrowType integer(int bits, boolean signed) {
        return new ArrowType.Int(bits, signed);
    }

    private static Field field(ArrowType type, Field... children) {
        return new Field("v", FieldType.nullable(type), List.of(children));
    }

    private List<@Nullable Object> roundTrip(Field field, List<? extends @Nullable Object> values) {
        List<Row> rows = new ArrayList<>();
        values.forEach(value -> rows.add(Row.of("v", value)));
        try (Batch batch = new RowWriter(new Schema(List.of(field))).write(rows, allocator)) {
            assertThat(batch.rowCount()).isEqualTo(values.size());
            List<@Nullable Object> read = new ArrayList<>();
            new RowReader(batch).rows().forEach(row -> read.add(row.get("v")));
            return read;
        }
    }

    /** Writes and reads the values with nulls before, between and behind them. */
    private void passes(Field field, Object... values) {
        List<@Nullable Object> withNulls = new ArrayList<>();
        withNulls.add(null);
        for (Object value : values) {
            withNulls.add(value);
            withNulls.add(null);
        }
        assertSame(roundTrip(field, withNulls), withNulls, field);
        assertSame(roundTrip(field, Arrays.asList(values)), Arrays.asList(values), field);
        assertSame(roundTrip(field, List.of()), List.of(), field);
    }

    private static void assertSame(List<?> actual, List<?> expected, Field field) {
        assertThat(Row.of("v", actual)).as("%s", field).isEqualTo(Row.of("v", expected));
    }

    @Test
    void numbers() {
        passes(field(integer(8, true)), (byte) -128, (byte) 0, (byte) 127);
        passes(field(integer(16, true)), (short) -32768, (short) 32767);
        passes(field(integer(32, true)), Integer.MIN_VALUE, 0, Integer.MAX_VALUE);
        passes(field(integer(64, true)), Long.MIN_VALUE, 0L, Long.MAX_VALUE);
        passes(field(integer(8, false)), (short) 0, (short) 255);
        passes(field(integer(16, false)), 0, 65535);
        passes(field(integer(32, false)), 0L, 4294967295L);
        passes(field(new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)), 0.5f, -2f);
        passes(field(FLOAT), 0.1f, -0f, Float.NaN, Float.MAX_VALUE, Float.NEGATIVE_INFINITY);
        passes(field(DOUBLE), 0.1, -0d, Double.NaN, Double.MIN_VALUE, Double.POSITIVE_INFINITY);
        passes(field(ArrowType.Bool.INSTANCE), true, false);
        BigDecimal large = new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE), 4);
        passes(field(new ArrowType.Decimal(38, 4, 128)), large, large.negate(), new BigDecimal("0.0000"));
        passes(field(new ArrowType.Decimal(60, 2, 256)), new BigDecimal(BigInteger.TEN.pow(50), 2));
    }

    @Test
    void textsAndBytes() {
        for (ArrowType type :
                List.of(ArrowType.Utf8.INSTANCE, ArrowType.LargeUtf8.INSTANCE, ArrowType.Utf8View.INSTANCE)) {
            passes(field(type), "", "a", "grüße, 日本, 🙂", "longer than the twelve bytes of a view");
        }
        for (ArrowType type :
                List.of(ArrowType.Binary.INSTANCE, ArrowType.LargeBinary.INSTANCE, ArrowType.BinaryView.INSTANCE)) {
            passes(field(type), new byte[0], new byte[] {0, -1, 127}, new byte[100]);
        }
        passes(field(new ArrowType.FixedSizeBinary(3)), new byte[] {1, 2, 3});
    }

    @Test
    void datesAndTimes() {
        passes(field(new ArrowType.Date(DateUnit.DAY)), LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31));
        passes(field(new ArrowType.Date(DateUnit.MILLISECOND)), LocalDate.of(1969, 12, 31), LocalDate.EPOCH);
        LocalTime time = LocalTime.of(23, 59, 59, 987_654_321);
        passes(field(new ArrowType.Time(TimeUnit.SECOND, 32)), time.withNano(0), LocalTime.MIDNIGHT);
        passes(field(new ArrowType.Time(TimeUnit.MILLISECOND, 32)), time.withNano(987_000_000));
        passes(field(new ArrowType.Time(TimeUnit.MICROSECOND, 64)), time.withNano(987_654_000));
        passes(field(new ArrowType.Time(TimeUnit.NANOSECOND, 64)), time);
        int[] nanos = {0, 987_000_000, 987_654_000, 987_654_321};
        for (TimeUnit unit : TimeUnit.values()) {
            LocalDateTime after = LocalDateTime.of(2026, 1, 2, 3, 4, 5, nanos[unit.ordinal()]);
            LocalDateTime before = LocalDateTime.of(1901, 1, 2, 3, 4, 5, nanos[unit.ordinal()]);
            passes(field(new ArrowType.Timestamp(unit, null)), after, before);
            passes(
                    field(new ArrowType.Timestamp(unit, "UTC")),
                    after.toInstant(java.time.ZoneOffset.UTC),
                    before.toInstant(java.time.ZoneOffset.UTC));
            passes(field(new ArrowType.Duration(unit)), Duration.ofSeconds(5), Duration.ofDays(-3));
        }
    }

    @Test
    void finerTimesAreCutOffTowardsThePast() {
        Field micros = field(new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"));
        assertThat(roundTrip(micros, List.of(Instant.ofEpochSecond(1, 1_999), Instant.ofEpochSecond(-1, 999_999_999))))
                .containsExactly(Instant.ofEpochSecond(1, 1_000), Instant.ofEpochSecond(-1, 999_999_000));
    }

    @Test
    void nestedValues() {
        Field number = new Field("x", FieldType.nullable(integer(64, true)), null);
        Field text = new Field("y", FieldType.nullable(ArrowType.Utf8.INSTANCE), null);
        passes(field(ArrowType.Struct.INSTANCE, number, text), Row.of("x", 1L, "y", "a"), Row.of("x", null, "y", null));
        passes(field(ArrowType.List.INSTANCE, number), List.of(1L, 2L), List.of(), Arrays.asList(3L, null));
        passes(field(ArrowType.LargeList.INSTANCE, number), List.of(1L, 2L), List.of(), Arrays.asList(3L, null));
        passes(field(new ArrowType.FixedSizeList(2), number), List.of(1L, 2L), Arrays.asList(null, 3L));
        Field inner = new Field("inner", FieldType.nullable(ArrowType.List.INSTANCE), List.of(text));
        Field struct = new Field("struct", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(number, inner));
        passes(
                field(ArrowType.List.INSTANCE, struct),
                List.of(Row.of("x", 1L, "inner", List.of("a", "b"))),
                Arrays.asList(
                        null, Row.of("x", null, "inner", null), Row.of("x", 2L, "inner", Arrays.asList("c", null))),
                List.of());
        passes(
                field(ArrowType.List.INSTANCE, inner),
                List.of(List.of("a"), List.of()),
                Arrays.asList(List.of("b"), null));
    }

    @Test
    void embeddings() {
        Field single = field(new ArrowType.FixedSizeList(3), new Field("item", FieldType.nullable(FLOAT), null));
        passes(single, new float[] {1, 2, 3}, new float[] {Float.NaN, 0, -1});
        Field full = field(new ArrowType.FixedSizeList(2), new Field("item", FieldType.nullable(DOUBLE), null));
        passes(full, new double[] {1, 2}, new double[] {0.1, Double.NaN});
        Field list = field(ArrowType.List.INSTANCE, single);
        passes(list, List.of(new float[] {1, 2, 3}, new float[] {4, 5, 6}), List.of());
    }

    /** What a row holds must not depend on the other rows of its batch. */
    @Test
    void anEmbeddingStaysAnArrayNextToOnesWithNulls() {
        Field single = field(new ArrowType.FixedSizeList(2), new Field("item", FieldType.nullable(FLOAT), null));
        passes(single, new float[] {1, 2}, Arrays.asList(1f, null), new float[] {3, 4});
    }

    @Test
    void maps() {
        Field key = new Field("key", FieldType.notNullable(ArrowType.Utf8.INSTANCE), null);
        Field value = new Field("value", FieldType.nullable(DOUBLE), null);
        Field entries = new Field("entries", FieldType.notNullable(ArrowType.Struct.INSTANCE), List.of(key, value));
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("b", 1.0);
        map.put("a", null);
        passes(field(new ArrowType.Map(false), entries), map, Map.of(), Map.of("x", 2.0));
    }

    @Test
    void rowsAreReadOnlyOnceAskedForAndOutliveTheirBatch() {
        List<Row> rows;
        try (Batch batch = new RowWriter(null).write(List.of(Row.of("a", "x"), Row.of("a", "y")), allocator)) {
            rows = List.copyOf(new RowReader(batch).rows());
        }
        assertThat(rows).containsExactly(Row.of("a", "x"), Row.of("a", "y"));
    }

    @Test
    void wrongValuesNameColumnValueAndType() {
        SolsticeError error = refused(ErrorCode.TYPE_MISMATCH, () -> roundTrip(field(integer(32, true)), List.of("x")));
        assertThat(error.what()).isEqualTo("'v' cannot hold String x");
        assertThat(error.cause()).isEqualTo("its type is Int(32, true)");
        refusedValue(integer(8, true), 128);
        refusedValue(integer(8, false), -1);
        refusedValue(integer(32, false), 1L << 32);
        refusedValue(integer(64, true), 1.0);
        refusedValue(integer(64, true), new BigDecimal(1));
        refusedValue(FLOAT, (1L << 24) + 1);
        refusedValue(DOUBLE, (1L << 53) + 1);
        refusedValue(DOUBLE, Long.MAX_VALUE);
        refusedValue(DOUBLE, "1.0");
        refusedValue(ArrowType.Bool.INSTANCE, 1);
        refusedValue(ArrowType.Utf8.INSTANCE, 1);
        refusedValue(ArrowType.Binary.INSTANCE, "text");
        refusedValue(new ArrowType.FixedSizeBinary(3), new byte[2]);
        refusedValue(new ArrowType.FixedSizeBinary(3), new byte[4]);
        refusedValue(new ArrowType.Decimal(4, 2, 128), new BigDecimal("0.001"));
        refusedValue(new ArrowType.Decimal(4, 2, 128), new BigDecimal("100.00"));
        refusedValue(new ArrowType.Decimal(4, 2, 128), 1.5);
        refusedValue(new ArrowType.Date(DateUnit.DAY), LocalDate.MAX);
        refusedValue(new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC"), Instant.parse("2500-01-01T00:00:00Z"));
        refusedValue(new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"), 5L);
        refusedValue(new ArrowType.Duration(TimeUnit.NANOSECOND), Duration.ofDays(200_000));
        refusedValue(ArrowType.Null.INSTANCE, 1);
        refused(
                ErrorCode.TYPE_MISMATCH,
                () -> roundTrip(field(ArrowType.List.INSTANCE, field(integer(64, true))), List.of(List.of("x"))));
        refused(
                ErrorCode.TYPE_MISMATCH,
                () -> roundTrip(field(new ArrowType.FixedSizeList(2), field(FLOAT)), List.of(new float[3])));
    }

    private void refusedValue(ArrowType type, Object value) {
        SolsticeError error =
                refused(ErrorCode.TYPE_MISMATCH, () -> roundTrip(field(type), Arrays.asList(null, value)));
        assertThat(error.what()).contains("'v'");
        assertThat(error.cause()).contains(type.toString());
    }

    @Test
    void wholeNumbersThatFitAreAcceptedByWiderColumns() {
        assertThat(roundTrip(field(integer(64, true)), List.of(1, (short) 2, (byte) 3)))
                .containsExactly(1L, 2L, 3L);
        assertThat(roundTrip(field(DOUBLE), List.of(1, 1L << 53, Long.MIN_VALUE, 2.5f)))
                .containsExactly(1.0, 0x1p53, -0x1p63, 2.5);
        assertThat(roundTrip(field(new ArrowType.Decimal(10, 2, 128)), List.of(5, new BigDecimal("1.5"))))
                .containsExactly(new BigDecimal("5.00"), new BigDecimal("1.50"));
    }
}
