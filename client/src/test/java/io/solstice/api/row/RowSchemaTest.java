package io.solstice.api.row;

import static io.solstice.api.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RowSchemaTest {

    private static String types(Row... rows) {
        RowSchema found = new RowSchema();
        for (Row row : rows) {
            found.include(row);
        }
        List<String> types = new ArrayList<>();
        for (Field field : found.schema().getFields()) {
            assertThat(field.isNullable()).isTrue();
            types.add(field.toString());
        }
        return String.join("; ", types);
    }

    private static String typeOf(@Nullable Object... values) {
        Row[] rows = new Row[values.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Row.of("v", values[i]);
        }
        return types(rows);
    }

    /** Of all pairs of rows: what is seen at a glance is what a close look would find. */
    @Test
    void aRowThatIsWithinTheColumnsChangesNothingOfThem() {
        List<@Nullable Object> values = Arrays.asList(
                null, 1L, 1, (short) 1, 1.0, 1f, true, "x", new byte[1], Instant.EPOCH, List.of(1L), Row.of("a", 1L));
        int within = 0;
        for (Object known : values) {
            for (Object value : values) {
                for (Row row : List.of(Row.of("v", value), Row.of("v", value, "w", 1L), Row.of("u", value))) {
                    Schema columns =
                            new RowSchema().include(Row.of("v", known, "w", 1L)).schema();
                    if (RowSchema.isWithin(columns.getFields(), row)) {
                        within++;
                        assertThat(new RowSchema().include(columns).include(row).schema())
                                .isEqualTo(columns);
                    }
                }
            }
        }
        assertThat(within)
                .as("null fits all, and six kinds of values their own columns")
                .isEqualTo(2 * (12 + 6));
    }

    @Test
    void rowsLikeThoseBeforeHaveTheirSchema() {
        RowWriter writer = new RowWriter(null);
        try (BufferAllocator allocator = new RootAllocator()) {
            writer.write(List.of(Row.of("a", 1L)), allocator).close();
            Schema first = writer.schema();
            writer.write(List.of(Row.of("a", 2L), Row.of("a", (Object) null)), allocator)
                    .close();
            assertThat(writer.schema()).isSameAs(first);
            writer.write(List.of(Row.of("a", 2L), Row.of("b", 1.5)), allocator).close();
            assertThat(writer.schema().getFields()).extracting(Field::getName).containsExactly("a", "b");
        }
    }

    @Test
    void everyValueHasAType() {
        assertThat(typeOf(1)).isEqualTo("v: Int(32, true)");
        assertThat(typeOf(1L)).isEqualTo("v: Int(64, true)");
        assertThat(typeOf((short) 1)).isEqualTo("v: Int(16, true)");
        assertThat(typeOf((byte) 1)).isEqualTo("v: Int(8, true)");
        assertThat(typeOf(1.0)).isEqualTo("v: FloatingPoint(DOUBLE)");
        assertThat(typeOf(1f)).isEqualTo("v: FloatingPoint(SINGLE)");
        assertThat(typeOf(true)).isEqualTo("v: Bool");
        assertThat(typeOf("x")).isEqualTo("v: Utf8");
        assertThat(typeOf((Object) new byte[0])).isEqualTo("v: Binary");
        assertThat(typeOf(Instant.EPOCH)).isEqualTo("v: Timestamp(MICROSECOND, UTC)");
        assertThat(typeOf(LocalDateTime.MIN)).isEqualTo("v: Timestamp(MICROSECOND, null)");
        assertThat(typeOf(LocalDate.EPOCH)).isEqualTo("v: Date(DAY)");
        assertThat(typeOf(LocalTime.NOON)).isEqualTo("v: Time(MICROSECOND, 64)");
        assertThat(typeOf(Duration.ZERO)).isEqualTo("v: Duration(MICROSECOND)");
        assertThat(typeOf(new BigDecimal("1.25"))).isEqualTo("v: Decimal(38, 2, 128)");
        assertThat(typeOf((Object) null)).isEqualTo("v: Null");
        assertThat(typeOf(Row.of("x", 1))).isEqualTo("v: Struct<x: Int(32, true)>");
        assertThat(typeOf(Map.of("x", 1))).isEqualTo("v: Struct<x: Int(32, true)>");
        assertThat(typeOf(List.of("a"))).isEqualTo("v: List<item: Utf8>");
        assertThat(typeOf(List.of())).isEqualTo("v: List<item: Null>");
        assertThat(typeOf((Object) new float[3])).isEqualTo("v: FixedSizeList(3)<item: FloatingPoint(SINGLE)>");
        assertThat(refused(ErrorCode.RECORD_TYPE, () -> typeOf(new Object())).what())
                .contains("'v'", "java.lang.Object");
    }

    @Test
    void typesGrowToHoldAllValues() {
        assertThat(typeOf(null, 1, null, 2L)).isEqualTo("v: Int(64, true)");
        assertThat(typeOf((byte) 1, (short) 2)).isEqualTo("v: Int(16, true)");
        assertThat(typeOf(1, 2.5)).isEqualTo("v: FloatingPoint(DOUBLE)");
        assertThat(typeOf(1f, 2.5)).isEqualTo("v: FloatingPoint(DOUBLE)");
        assertThat(typeOf(new BigDecimal("1"), new BigDecimal("1.234"))).isEqualTo("v: Decimal(38, 3, 128)");
        assertThat(typeOf(List.of(), List.of(1), Arrays.asList(null, 2L))).isEqualTo("v: List<item: Int(64, true)>");
        assertThat(typeOf(Row.of("x", 1), null, Row.of("y", "a", "x", 2L)))
                .isEqualTo("v: Struct<x: Int(64, true), y: Utf8>");
        assertThat(typeOf(new float[2], new double[2])).isEqualTo("v: FixedSizeList(2)<item: FloatingPoint(DOUBLE)>");
        assertThat(types(Row.of("a", 1), Row.of("b", "x"), Row.of("a", 2L))).isEqualTo("a: Int(64, true); b: Utf8");
    }

    @Test
    void refusesValuesThatNoTypeHolds() {
        assertThat(refused(ErrorCode.TYPE_MISMATCH, () -> typeOf(1, "x")).what())
                .startsWith("'v' holds both");
        refused(ErrorCode.TYPE_MISMATCH, () -> typeOf(true, 1));
        refused(ErrorCode.TYPE_MISMATCH, () -> typeOf(Row.EMPTY, 1));
        refused(ErrorCode.TYPE_MISMATCH, () -> typeOf(new float[2], new float[3]));
        refused(ErrorCode.TYPE_MISMATCH, () -> typeOf(List.of(1), List.of("x")));
    }

    @Test
    void aWriterThatFindsItsSchemaOnlyGrows() {
        try (BufferAllocator allocator = new RootAllocator()) {
            RowWriter writer = new RowWriter(null);
            writer.write(List.of(Row.of("a", 1)), allocator).close();
            try (Batch second = writer.write(List.of(Row.of("b", "x")), allocator)) {
                assertThat(second.schema().getFields())
                        .extracting(Field::getName)
                        .containsExactly("a", "b");
                assertThat(new RowReader(second).rows()).containsExactly(Row.of("a", null, "b", "x"));
            }
            writer.write(List.of(Row.of("a", 2L)), allocator).close();
            assertThat(writer.schema().findField("a").getType()).isEqualTo(new ArrowType.Int(64, true));
        }
    }

    @Test
    void aDeclaredSchemaLeavesOutOtherNamesAndFillsAbsentOnes() {
        Schema declared = new Schema(List.of(
                Field.nullable("a", new ArrowType.Int(64, true)), Field.nullable("b", ArrowType.Utf8.INSTANCE)));
        try (BufferAllocator allocator = new RootAllocator();
                Batch batch = new RowWriter(declared).write(List.of(Row.of("c", 1, "a", 2)), allocator)) {
            assertThat(batch.schema()).isEqualTo(declared);
            assertThat(new RowReader(batch).rows()).containsExactly(Row.of("a", 2L, "b", null));
        }
    }

    /** Columns that have held nothing but null so far, also deep inside. */
    @Test
    void valuesOfUnknownTypeAreWrittenAsNulls() {
        List<Row> rows = List.of(
                Row.of("v", null, "list", Arrays.asList(null, null), "row", Row.of("x", null)),
                Row.of("v", null, "list", List.of(), "row", null));
        try (BufferAllocator allocator = new RootAllocator();
                Batch batch = new RowWriter(null).write(rows, allocator)) {
            assertThat(new RowReader(batch).rows()).isEqualTo(rows);
        }
    }

    @Test
    void aFailedBatchGivesItsMemoryBack() {
        try (BufferAllocator allocator = new RootAllocator()) {
            Schema declared = new Schema(List.of(
                    Field.nullable("a", ArrowType.Utf8.INSTANCE), Field.nullable("b", new ArrowType.Int(8, true))));
            refused(
                    ErrorCode.TYPE_MISMATCH,
                    () -> new RowWriter(declared).write(List.of(Row.of("a", "x", "b", 1000)), allocator));
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }
}
