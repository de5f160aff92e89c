package io.solstice.worker.expression;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.lit;
import static io.solstice.api.expr.Expressions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.expr.Expression;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Selection;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
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

/** What expressions mean, case by case. */
class ExpressionMeaningTest {
    private static final Schema SCHEMA = new Schema(List.of(
            field("i", Types.INT32),
            field("l", Types.INT64),
            field("f", Types.FLOAT32),
            field("d", Types.FLOAT64),
            field("b", Types.BOOL),
            field("t", Types.UTF8),
            field("dec", new ArrowType.Decimal(10, 2, 128)),
            field("day", Types.DATE),
            field("at", new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC"))));

    private final BufferAllocator allocator = new RootAllocator();

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), List.of());
    }

    @AfterEach
    void nothingStaysAllocated() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    private @Nullable Object value(Expression expression, Row row) {
        List<Object> found = new ArrayList<>();
        try (Batch batch = new RowWriter(SCHEMA).write(List.of(row), allocator);
                Batch result = CompiledExpressions.compile(List.of(expression.as("x")), SCHEMA)
                        .apply(batch, allocator)) {
            Object value = new RowReader(result).row(0).get("x");
            found.add(value == null ? "null" : value);
        }
        return found.get(0).equals("null") ? null : found.get(0);
    }

    private static ArrowType type(Expression expression) {
        return ExpressionTypes.typeOf(expression, SCHEMA).getType();
    }

    @Test
    void typesFollowTheWiderSideAndLiteralsAdapt() {
        assertThat(type(col("i").plus(1))).isEqualTo(Types.INT32);
        assertThat(type(col("i").plus(1L << 40))).isEqualTo(Types.INT64);
        assertThat(type(col("i").plus(col("l")))).isEqualTo(Types.INT64);
        assertThat(type(col("i").times(0.5))).isEqualTo(Types.FLOAT64);
        assertThat(type(col("f").times(2))).isEqualTo(Types.FLOAT32);
        assertThat(type(col("f").times(col("d")))).isEqualTo(Types.FLOAT64);
        assertThat(type(col("i").dividedBy(2))).isEqualTo(Types.FLOAT64);
        assertThat(type(col("dec").plus(1))).isEqualTo(new ArrowType.Decimal(11, 2, 128));
        assertThat(type(when(col("b"), col("i"), 1))).isEqualTo(Types.INT32);
        assertThat(type(col("at"))).isEqualTo(new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC"));
        assertThat(ExpressionTypes.typeOf(col("i").plus(1), SCHEMA).getName()).isEqualTo("(i + 1)");
        assertThat(ExpressionTypes.typeOf(col("i").isNull(), SCHEMA).isNullable())
                .isFalse();
    }

    @Test
    void numbers() {
        Row row = Row.of("i", 7, "l", -7L, "d", 2.5, "dec", new BigDecimal("1.50"));
        assertThat(value(col("l").modulo(5), row)).isEqualTo(-2L);
        assertThat(value(col("i").dividedBy(2), row)).isEqualTo(3.5);
        assertThat(value(col("i").dividedBy(0), row)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(value(col("d").cast(Types.INT64), row)).isEqualTo(2L);
        assertThat(value(col("dec").times(col("i")), row)).isEqualTo(new BigDecimal("10.50"));
        assertThat(value(col("d").modulo(2), row)).isEqualTo(0.5);
        assertThat(value(col("l").abs(), row)).isEqualTo(7L);
        assertThat(value(col("d").ceil(), row)).isEqualTo(3.0);
        assertThat(value(col("i").plus(lit(null)), row)).isNull();
    }

    @Test
    void notANumberEqualsNothing() {
        Row row = Row.of("d", Double.NaN);
        assertThat(value(col("d").eq(col("d")), row)).isEqualTo(false);
        assertThat(value(col("d").ne(col("d")), row)).isEqualTo(true);
        assertThat(value(col("d").lt(1), row)).isEqualTo(false);
        assertThat(value(col("d").ge(1), row)).isEqualTo(false);
    }

    @Test
    void threeValuedLogic() {
        Row row = Row.of("b", null);
        assertThat(value(col("b").and(lit(false)), row)).isEqualTo(false);
        assertThat(value(col("b").and(lit(true)), row)).isNull();
        assertThat(value(col("b").or(lit(true)), row)).isEqualTo(true);
        assertThat(value(col("b").or(lit(false)), row)).isNull();
        assertThat(value(col("b").not(), row)).isNull();
        assertThat(value(col("i").in(1, 2), row)).isNull();
        assertThat(value(when(col("b"), 1, 2), row)).isEqualTo(2L);
        assertThat(value(col("b").isNull(), row)).isEqualTo(true);
    }

    @Test
    void textsAreOrderedByCodePoint() {
        Row row = Row.of("t", "\uFFFF");
        assertThat(value(col("t").lt("\uD83D\uDE00"), row)).isEqualTo(true);
        assertThat(value(col("t").length(), Row.of("t", "a\uD83D\uDE00é"))).isEqualTo(3);
        assertThat(value(col("t").concat("!").upper(), Row.of("t", "hé"))).isEqualTo("HÉ!");
        assertThat(value(col("t").contains("ll"), Row.of("t", "hello"))).isEqualTo(true);
        assertThat(value(col("t").in("x", "hello"), Row.of("t", "hello"))).isEqualTo(true);
        assertThat(value(col("t").cast(Types.INT32), Row.of("t", " 12 "))).isEqualTo(12);
    }

    @Test
    void timesMeetInAnyUnit() {
        Row row = Row.of("at", Instant.parse("2026-01-01T00:00:00.001Z"), "day", LocalDate.of(2026, 1, 1));
        assertThat(value(col("at").gt(Instant.parse("2026-01-01T00:00:00.000999Z")), row))
                .isEqualTo(true);
        assertThat(value(col("at").ge(Instant.parse("2026-01-01T00:00:00.001000001Z")), row))
                .isEqualTo(false);
        assertThat(value(col("at").lt(Instant.parse("9999-01-01T00:00:00Z")), row))
                .isEqualTo(true);
        assertThat(value(col("at").gt(col("day")), row)).isEqualTo(true);
        assertThat(value(col("day").eq(LocalDate.of(2026, 1, 1)), row)).isEqualTo(true);
        assertThat(value(col("at").cast(Types.DATE), row)).isEqualTo(LocalDate.of(2026, 1, 1));
        assertThat(value(col("at").cast(Types.UTF8), row)).isEqualTo("2026-01-01T00:00:00.001Z");
    }

    @Test
    void failuresNameTheRowAndTheValues() {
        List<Row> rows = List.of(Row.of("i", 1, "l", 1L), Row.of("i", Integer.MAX_VALUE, "l", 0L));
        try (Batch batch = new RowWriter(SCHEMA).write(rows, allocator)) {
            assertFails(batch, col("i").plus(1), "row 1", "2147483647 + 1 is too large for int32");
            assertFails(batch, lit(5L).modulo(col("l")), "row 1", "5 % 0");
            assertFails(batch, col("i").cast(new ArrowType.Int(8, true)), "row 1", "2147483647 does not fit");
            Expression guarded = when(col("l").ne(0), lit(5L).modulo(col("l")), -1);
            CompiledExpressions.compile(List.of(guarded), SCHEMA)
                    .apply(batch, allocator)
                    .close();
        }
    }

    private void assertFails(Batch batch, Expression expression, String where, String cause) {
        CompiledExpressions compiled = CompiledExpressions.compile(List.of(expression), SCHEMA);
        assertThatThrownBy(() -> compiled.apply(batch, allocator))
                .isInstanceOfSatisfying(SolsticeException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.EXPRESSION_FAILED);
                    assertThat(failure.error().what()).contains(expression.toString());
                    assertThat(failure.error().where()).isEqualTo(where);
                    assertThat(failure.error().cause()).contains(cause);
                });
    }

    @Test
    void mistakesAreFoundBeforeAnythingRuns() {
        assertRefused(col("prise"), ErrorCode.COLUMN_UNKNOWN, "no column 'prise'");
        assertRefused(col("t").plus(1), ErrorCode.TYPE_MISMATCH, "the left side is utf8, the right side is int64");
        assertRefused(col("t").eq(1), ErrorCode.TYPE_MISMATCH, "cannot be compared");
        assertRefused(col("i").and(col("b")), ErrorCode.TYPE_MISMATCH, "i is int32, where true or false is needed");
        assertRefused(col("b").cast(Types.DATE), ErrorCode.TYPE_MISMATCH, "b is bool, which cannot become date32");
        assertRefused(when(col("b"), 1, "a"), ErrorCode.TYPE_MISMATCH, "both int64 and utf8");
        assertRefused(col("i").field("x"), ErrorCode.TYPE_MISMATCH, "not a struct");
        assertThatThrownBy(() -> CompiledFilter.compile(col("i"), SCHEMA)).hasMessageContaining("it is int32");
        assertThatThrownBy(() -> CompiledExpressions.compile(List.of(col("i"), col("l").as("i")), SCHEMA))
                .hasMessageContaining("two columns are called 'i'");
    }

    private static void assertRefused(Expression expression, ErrorCode code, String message) {
        assertThatThrownBy(() -> ExpressionTypes.typeOf(expression, SCHEMA))
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    void columnsThatAreNotComputedAreShared() {
        List<Row> rows = List.of(Row.of("i", 1, "t", "a"), Row.of("i", 2, "t", "b"), Row.of("i", 3, "t", "c"));
        try (Batch batch = new RowWriter(SCHEMA).write(rows, allocator)) {
            CompiledExpressions compiled =
                    CompiledExpressions.compile(List.of(col("t").as("name"), col("i").plus(1)), SCHEMA);
            assertThat(compiled.origin(0)).isEqualTo(5);
            try (Batch result = compiled.apply(batch, allocator)) {
                assertThat(result.column("name")).isSameAs(batch.column("t"));
            }
            CompiledProjection projection = CompiledProjection.withColumns(
                    col("i").ne(2), List.of(col("i").times(10).as("i")), SCHEMA);
            try (Batch result = projection.apply(batch, allocator)) {
                assertThat(result.schema().getFields()).hasSameSizeAs(SCHEMA.getFields());
                assertThat(new RowReader(result).row(1).get("i")).isEqualTo(30);
                assertThat(new RowReader(result).row(1).get("t")).isEqualTo("c");
            }
        }
    }

    @Test
    void anExpressionTooLargeForOneLoopIsInterpreted() {
        Expression sum = col("l");
        for (int i = 0; i < 450; i++) {
            sum = sum.plus(col("i").times(2));
        }
        assertThat(value(sum, Row.of("l", 5L, "i", 1))).isEqualTo(905L);
        Expression deeper = sum.plus(sum.plus(sum));
        for (int i = 0; i < 100; i++) {
            deeper = deeper.plus(1);
        }
        assertRefused(deeper, ErrorCode.NOT_SUPPORTED, "nested more than 500");
    }

    @Test
    void selectionsOfManyRows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(Row.of("i", i));
        }
        Selection selection = new Selection();
        try (Batch batch = new RowWriter(SCHEMA).write(rows, allocator)) {
            CompiledFilter.compile(col("i").ge(100).and(col("i").lt(300)), SCHEMA)
                    .select(batch, selection, allocator);
        }
        assertThat(selection.runCount()).isEqualTo(1);
        assertThat(selection.start(0)).isEqualTo(100);
        assertThat(selection.length(0)).isEqualTo(200);
    }
}
