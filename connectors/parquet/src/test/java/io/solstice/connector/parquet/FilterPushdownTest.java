package io.solstice.connector.parquet;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.expr.Expression;
import io.solstice.api.sink.FileSink;
import io.solstice.api.source.FileSource;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.PushdownSource;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FilterPushdownTest {
    private static final Schema COLUMNS = new Schema(List.of(
            Field.nullable("id", new ArrowType.Int(32, true)),
            Field.nullable("f", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
            Field.nullable("single", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
            Field.nullable("s", new ArrowType.Utf8()),
            Field.nullable("b", new ArrowType.Bool()),
            Field.nullable("day", new ArrowType.Date(DateUnit.DAY)),
            Field.nullable("at", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "Europe/Berlin"))));

    @TempDir
    Path folder;

    private final ParquetFixture fixture = new ParquetFixture();
    private FileSource definition = FileSource.parquet("unset");

    @BeforeEach
    void writeRows() throws Exception {
        String file = folder.resolve("rows.parquet").toString();
        List<Batch> rows = fixture.fromJson(
                folder,
                COLUMNS,
                "{\"id\":1,\"f\":1.5,\"s\":\"it's\",\"b\":true,\"day\":\"2026-01-01\",\"at\":\"2026-01-01T00:00:00Z\"}",
                "{\"id\":2,\"f\":\"NaN\",\"s\":\"\",\"b\":false,\"day\":\"2026-01-02\",\"at\":\"2026-01-02T00:00:00Z\"}",
                "{\"id\":3,\"f\":\"Infinity\",\"b\":null}",
                "{\"id\":4,\"f\":null,\"s\":\"z\"}");
        fixture.publish(FileSink.parquet(file), COLUMNS, rows);
        rows.forEach(Batch::close);
        definition = FileSource.parquet(file).columns("id");
    }

    @AfterEach
    void noMemoryIsLeft() {
        fixture.close();
    }

    /** Conditions that DuckDB computes, and the rows for which they hold by the rules of expressions. */
    static Stream<Arguments> exact() {
        return Stream.of(
                Arguments.of(col("id").gt(2), List.of("3", "4")),
                Arguments.of(lit(2).gt(col("id")), List.of("1")),
                Arguments.of(col("id").between(2, 3), List.of("2", "3")),
                Arguments.of(col("f").gt(1), List.of("1", "3")),
                Arguments.of(col("f").ge(1.5).not(), List.of("2")),
                Arguments.of(col("f").lt(2.0), List.of("1")),
                Arguments.of(col("f").eq(1.5), List.of("1")),
                Arguments.of(col("f").isNull(), List.of("4")),
                Arguments.of(col("s").eq("it's"), List.of("1")),
                Arguments.of(col("s").ne(""), List.of("1", "4")),
                Arguments.of(col("s").in("", "z"), List.of("2", "4")),
                Arguments.of(col("b"), List.of("1")),
                Arguments.of(col("b").not().or(col("id").eq(3)), List.of("2", "3")),
                Arguments.of(col("b").isNotNull().and(col("id").ge(2)), List.of("2")),
                Arguments.of(col("day").le(LocalDate.of(2026, 1, 1)), List.of("1")),
                Arguments.of(col("at").gt(Instant.parse("2026-01-01T12:00:00.000001Z")), List.of("2")));
    }

    @ParameterizedTest
    @MethodSource("exact")
    void exactConditionsAreComputedWhileReading(Expression condition, List<String> expected) throws Exception {
        try (PushdownSource source = (PushdownSource) fixture.source(definition)) {
            assertThat(source.acceptFilter(condition)).isTrue();
            List<Batch> batches = new ArrayList<>();
            for (Split split : source.splits()) {
                batches.addAll(fixture.batches(source, split, 0));
            }
            assertThat(ParquetFixture.texts(batches)).isEqualTo(expected);
        }
    }

    static Stream<Expression> others() {
        return Stream.of(
                col("f").ne(1.5),
                col("f").gt(Double.NaN),
                col("single").gt(1.5),
                col("s").gt("a"),
                col("id").gt(1.5),
                col("id").plus(1).gt(2),
                col("unknown").gt(2),
                col("id").gt(2).and(col("s").contains("x")),
                col("f").lt(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("others")
    void otherConditionsAreLeftToTheEngine(Expression condition) throws Exception {
        try (PushdownSource source = (PushdownSource) fixture.source(definition)) {
            assertThat(source.acceptFilter(condition)).isFalse();
        }
    }
}
