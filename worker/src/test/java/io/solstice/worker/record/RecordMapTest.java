package io.solstice.worker.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.MapFunction;
import io.solstice.api.row.RecordSchema;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Selection;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordMapTest {
    private static final RecordFailures NONE = (row, failure) -> {
        throw new AssertionError("row " + row, failure);
    };

    private final BufferAllocator allocator = new RootAllocator();

    private enum Colour {
        RED,
        GREEN
    }

    private record Point(int x, @Nullable String label) {}

    private record Primitives(boolean b, byte y, short s, int i, long l, float f, double d) {}

    private record Boxes(
            @Nullable Boolean b,
            @Nullable Byte y,
            @Nullable Short s,
            @Nullable Integer i,
            @Nullable Long l,
            @Nullable Float f,
            @Nullable Double d) {}

    private record Objects(
            @Nullable String text,
            @Nullable Colour colour,
            @Nullable Instant at,
            @Nullable LocalDateTime local,
            @Nullable LocalDate day,
            @Nullable LocalTime time,
            @Nullable Duration span,
            @Nullable BigDecimal money,
            @Nullable Point point,
            @Nullable List<String> tags,
            @Nullable List<Point> points) {}

    private record Arrays4(byte[] bytes, float[] floats, double[] doubles, long[] longs) {}

    private record Number(long n) {}

    private record Pair(long n, @Nullable String text) {}

    @AfterEach
    void nothingStaysAllocated() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    private Batch batch(Class<? extends Record> type, Row... rows) {
        return new RowWriter(RecordSchema.of(type)).write(List.of(rows), allocator);
    }

    private <T extends Record> List<Row> throughIdentity(Class<T> type, Row... rows) {
        try (Batch batch = batch(type, rows)) {
            RecordMap map = RecordMap.compile(type, type, value -> value, batch.schema(), false);
            try (Batch result = map.apply(batch, allocator, NONE)) {
                assertThat(result.schema()).isEqualTo(RecordSchema.of(type));
                return List.copyOf(new RowReader(result).rows());
            }
        }
    }

    @Test
    void primitivesAndBoxesComeOutAsTheyWentIn() {
        Row ends = Row.of(
                "b",
                true,
                "y",
                Byte.MIN_VALUE,
                "s",
                Short.MAX_VALUE,
                "i",
                Integer.MIN_VALUE,
                "l",
                Long.MAX_VALUE,
                "f",
                -0.0f,
                "d",
                Double.NaN);
        Row zero = Row.of("b", false, "y", (byte) 0, "s", (short) 0, "i", 0, "l", 0L, "f", 0f, "d", 0d);
        Row nulls = Row.of("b", null, "y", null, "s", null, "i", null, "l", null, "f", null, "d", null);
        assertThat(throughIdentity(Primitives.class, ends, zero)).containsExactly(ends, zero);
        assertThat(throughIdentity(Boxes.class, ends, nulls, zero)).containsExactly(ends, nulls, zero);
    }

    @Test
    void objectsComeOutAsTheyWentIn() {
        Row full = Row.of(
                "text",
                "héllo, 漢字",
                "colour",
                "GREEN",
                "at",
                Instant.parse("1969-12-31T23:59:59.999999Z"),
                "local",
                LocalDateTime.parse("2026-01-02T03:04:05"),
                "day",
                LocalDate.of(2026, 1, 2),
                "time",
                LocalTime.of(3, 4, 5),
                "span",
                Duration.ofSeconds(7),
                "money",
                new BigDecimal("1.500000000"),
                "point",
                Row.of("x", 1, "label", null),
                "tags",
                Arrays.asList("a", null, ""),
                "points",
                List.of(Row.of("x", 2, "label", "two")));
        Row nulls = Row.of(
                "text", null, "colour", null, "at", null, "local", null, "day", null, "time", null, "span", null,
                "money", null, "point", null, "tags", null, "points", null);
        assertThat(throughIdentity(Objects.class, full, nulls, full)).containsExactly(full, nulls, full);
        Row arrays = Row.of(
                "bytes",
                new byte[] {1, -1},
                "floats",
                new float[] {1.5f},
                "doubles",
                new double[] {},
                "longs",
                List.of(1L, 2L));
        List<Row> rows = throughIdentity(Arrays4.class, arrays);
        assertThat(rows.get(0).get("floats")).isEqualTo(List.of(1.5f));
        assertThat(rows.get(0).get("longs")).isEqualTo(List.of(1L, 2L));
        assertThat((byte[]) rows.get(0).get("bytes")).containsExactly(1, -1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 64, 65, 8192})
    void everyRowOfEverySizeIsMapped(int size) {
        Row[] rows = new Row[size];
        for (int i = 0; i < size; i++) {
            rows[i] = Row.of("n", (long) i, "text", i % 3 == 0 ? null : "x".repeat(i % 50));
        }
        try (Batch batch = batch(Pair.class, rows)) {
            MapFunction<Pair, Pair> function = pair -> new Pair(pair.n() * 2, pair.text());
            RecordMap map = RecordMap.compile(Pair.class, Pair.class, function, batch.schema(), false);
            for (int round = 0; round < 3; round++) {
                try (Batch result = map.apply(batch, allocator, NONE)) {
                    List<Row> found = new RowReader(result).rows();
                    assertThat(found).hasSize(size);
                    for (int i = 0; i < size; i++) {
                        assertThat(found.get(i)).isEqualTo(Row.of("n", 2L * i, "text", rows[i].get("text")));
                    }
                }
            }
        }
    }

    @Test
    void widerComponentsReadNarrowerColumns() {
        Schema schema = new Schema(List.of(
                new Field("l", FieldType.nullable(new ArrowType.Int(16, true)), null),
                new Field("d", FieldType.nullable(new ArrowType.Int(32, false)), null),
                new Field("at", FieldType.nullable(new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC")), null)));
        record Wide(long l, double d, Instant at) {}
        try (Batch batch = Batch.empty(schema, allocator)) {
            RecordMap.compile(Wide.class, Wide.class, wide -> wide, schema, false)
                    .apply(batch, allocator, NONE)
                    .close();
        }
        record Narrow(int l) {}
        Schema wide = new Schema(List.of(new Field("l", FieldType.nullable(new ArrowType.Int(64, true)), null)));
        assertThatThrownBy(() -> RecordMap.compile(Narrow.class, Narrow.class, narrow -> narrow, wide, false))
                .isInstanceOfSatisfying(SolsticeException.class, mismatch -> {
                    assertThat(mismatch.code()).isEqualTo(ErrorCode.TYPE_MISMATCH);
                    assertThat(mismatch.error().what()).contains("component 'l' of record Narrow");
                    assertThat(mismatch.error().cause()).isEqualTo("the column is int64, the component int");
                });
        record Misspelt(long ll) {}
        assertThatThrownBy(() -> RecordMap.compile(Misspelt.class, Misspelt.class, m -> m, wide, false))
                .hasMessageContaining("no column 'll'")
                .hasMessageContaining("did you mean 'l'?");
    }

    @Test
    void rowsThatFailAreReportedAndLeftOut() {
        MapFunction<Number, Pair> function = number -> {
            if (number.n() % 3 == 0) {
                throw new java.io.IOException("three");
            }
            return new Pair(number.n(), "t" + number.n());
        };
        Row[] rows = new Row[100];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Row.of("n", (long) i);
        }
        try (Batch batch = batch(Number.class, rows)) {
            TreeMap<Integer, Throwable> failures = new TreeMap<>();
            RecordMap map = RecordMap.compile(Number.class, Pair.class, function, batch.schema(), true);
            try (Batch result = map.apply(batch, allocator, failures::put)) {
                assertThat(result.rowCount()).isEqualTo(66);
                assertThat(new RowReader(result).row(65)).isEqualTo(Row.of("n", 98L, "text", "t98"));
            }
            assertThat(failures).hasSize(34).containsKeys(0, 3, 99);
            assertThat(failures.get(99)).isInstanceOf(java.io.IOException.class);
            assertThatThrownBy(() -> map.apply(batch, allocator, (row, failure) -> {
                        throw new IllegalStateException("at " + row, failure);
                    }))
                    .hasMessage("at 0");
        }
    }

    @Test
    void nullsThatAPrimitiveCannotHoldFailTheirRow() {
        Schema schema = new Schema(List.of(new Field("n", FieldType.nullable(new ArrowType.Int(64, true)), null)));
        try (Batch batch =
                new RowWriter(schema).write(List.of(Row.of("n", 1L), Row.of("n", null), Row.of("n", 3L)), allocator)) {
            List<String> errors = new ArrayList<>();
            RecordMap map = RecordMap.compile(Number.class, Number.class, number -> number, schema, false);
            RecordFailures report = (row, failure) -> errors.add(row + " " + failure.getMessage());
            try (Batch result = map.apply(batch, allocator, report)) {
                assertThat(result.rowCount()).isEqualTo(2);
            }
            assertThat(errors).hasSize(1);
            assertThat(errors.get(0))
                    .startsWith("1 error[SOL-1301]: 'n' is null")
                    .contains("row 1");
        }
    }

    @Test
    void enrichingKeepsTheOtherColumns() {
        try (Batch batch = batch(Pair.class, Row.of("n", 1L, "text", "a"), Row.of("n", 2L, "text", "b"))) {
            record Half(double n, boolean odd) {}
            MapFunction<Number, Half> function = number -> new Half(number.n() / 2.0, number.n() % 2 == 1);
            RecordMap map = RecordMap.compile(Number.class, Half.class, function, batch.schema(), true);
            try (Batch result = map.apply(batch, allocator, NONE)) {
                assertThat(result.column("text")).isSameAs(batch.column("text"));
                assertThat(new RowReader(result).rows())
                        .containsExactly(
                                Row.of("n", 0.5, "text", "a", "odd", true),
                                Row.of("n", 1.0, "text", "b", "odd", false));
            }
        }
    }

    @Test
    void filtersAndKeys() {
        Row[] rows = {Row.of("n", 1L, "text", "a"), Row.of("n", 2L, "text", null), Row.of("n", 3L, "text", "c")};
        try (Batch batch = batch(Pair.class, rows)) {
            Selection selection = new Selection();
            RecordFilter.compile(Pair.class, pair -> pair.n() != 2, batch.schema())
                    .select(batch, selection, allocator, NONE);
            assertThat(selection.rowCount()).isEqualTo(2);
            assertThat(selection.start(1)).isEqualTo(2);
            RecordKey key = RecordKey.compile(Pair.class, RecordMapTest::keyOf, batch.schema());
            List<Integer> failed = new ArrayList<>();
            try (Batch result = key.apply(batch, allocator, (row, failure) -> failed.add(row))) {
                assertThat(new RowReader(result).rows())
                        .containsExactly(
                                Row.of("n", 1L, "text", "a", "key", "1"), Row.of("n", 2L, "text", null, "key", null));
            }
            assertThat(failed).containsExactly(2);
        }
    }

    /** A key may be null, which the type of key functions does not say. */
    @SuppressWarnings("NullAway")
    private static Object keyOf(Pair pair) {
        if (pair.n() == 3) {
            throw new IllegalArgumentException("three");
        }
        return pair.text() == null ? null : pair.n();
    }
}
