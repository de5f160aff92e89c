package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.config.StageDefinition;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.source.FileSource;
import io.solstice.api.source.LanceTableSource;
import io.solstice.testing.JobRunner;
import io.solstice.testing.MemorySink;
import io.solstice.testing.MemorySource;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of every kind pass from format to format unharmed. */
class RoundTripTest {
    private static final Schema SCHEMA = new Schema(List.of(
            field("id", new ArrowType.Int(64, true)),
            field("small", new ArrowType.Int(32, true)),
            field("ratio", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
            field("flag", ArrowType.Bool.INSTANCE),
            field("name", ArrowType.Utf8.INSTANCE),
            field("raw", ArrowType.Binary.INSTANCE),
            field("price", new ArrowType.Decimal(20, 4, 128)),
            field("day", new ArrowType.Date(DateUnit.DAY)),
            field("at", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
            field("local", new ArrowType.Timestamp(TimeUnit.MICROSECOND, null)),
            nested("tags", ArrowType.List.INSTANCE, field("item", ArrowType.Utf8.INSTANCE)),
            nested(
                    "embedding",
                    new ArrowType.FixedSizeList(4),
                    field("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE))),
            nested(
                    "info",
                    ArrowType.Struct.INSTANCE,
                    field("width", new ArrowType.Int(64, true)),
                    nested("marks", ArrowType.List.INSTANCE, field("item", new ArrowType.Int(64, true))))));

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), List.of());
    }

    private static Field nested(String name, ArrowType type, Field... children) {
        return new Field(name, FieldType.nullable(type), List.of(children));
    }

    private static List<Row> rows(int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(i % 5 == 4 ? nulls(i) : full(i));
        }
        return rows;
    }

    private static Row nulls(long id) {
        Row row = Row.EMPTY;
        for (Field field : SCHEMA.getFields()) {
            row = row.with(field.getName(), null);
        }
        return row.with("id", id);
    }

    private static Row full(int i) {
        return Row.of(
                "id",
                (long) i,
                "small",
                i - 7,
                "ratio",
                i / 3.0,
                "flag",
                i % 2 == 0,
                "name",
                i % 3 == 0 ? "" : "näme \"" + i + "\"\n, ☃",
                "raw",
                new byte[] {(byte) i, 0, -1},
                "price",
                new BigDecimal(i + ".2500"),
                "day",
                LocalDate.of(2024, 2, 29).plusDays(i),
                "at",
                Instant.parse("2024-01-01T00:00:00.123456Z").plusSeconds(i),
                "local",
                LocalDateTime.parse("1969-12-31T23:59:59.999999").minusHours(i),
                "tags",
                i % 4 == 0 ? List.of() : List.of("a" + i, "b"),
                "embedding",
                new float[] {i, 0.5f, -0f, Float.MIN_VALUE},
                "info",
                Row.of("width", (long) i, "marks", List.of((long) i, 2L)));
    }

    private static StageDefinition sink(String format, Path folder) {
        String path = folder.resolve("out." + format).toString();
        return switch (format) {
            case "lance" -> LanceSink.of(path);
            case "parquet" -> FileSink.parquet(path);
            default -> FileSink.json(path);
        };
    }

    private static StageDefinition source(String format, Path folder) {
        String path = folder.resolve("out." + format).toString();
        return switch (format) {
            case "lance" -> LanceTableSource.of(path);
            case "parquet" -> FileSource.parquet(path);
            default -> FileSource.json(path).schema(SCHEMA);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "lance, parquet, 1000",
        "parquet, lance, 1000",
        "json, lance, 1000",
        "lance, json, 1000",
        "parquet, json, 1000",
        "json, parquet, 1000",
        "lance, parquet, 0",
        "json, parquet, 1"
    })
    void everyTypePassesThroughTwoFormats(String first, String second, int count, @TempDir Path folder)
            throws Exception {
        List<Row> rows = rows(count);
        MemorySink back = new MemorySink();
        JobRunner.run(new Job("one")
                .addStage(Stage.source("in", MemorySource.of(SCHEMA, rows).splits(3)))
                .addStage(Stage.of("out", sink(first, folder)), "in"));
        JobRunner.run(new Job("two")
                .addStage(Stage.of("in", source(first, folder)))
                .addStage(Stage.of("out", sink(second, folder)), "in"));
        JobRunner.run(new Job("three")
                .addStage(Stage.of("in", source(second, folder)))
                .addStage(Stage.sink("out", back), "in"));
        List<Row> sorted = new ArrayList<>(back.rows());
        sorted.sort(Comparator.comparingLong(row -> row.getLong("id")));
        assertThat(sorted).hasSize(rows.size());
        for (int i = 0; i < count; i++) {
            for (String name : rows.get(i).names()) {
                Object expected = rows.get(i).get(name);
                Object actual = sorted.get(i).get(name);
                assertThat(Row.of(name, actual))
                        .as("%s of row %s, a %s", name, i, kind(actual))
                        .isEqualTo(Row.of(name, expected));
            }
        }
    }

    private static String kind(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getSimpleName();
    }
}
