package io.solstice.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.source.FileSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextSinkTest {
    private static final ArrowType FLOAT64 = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    private static final ArrowType FLOAT32 = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    private static final ArrowType INT64 = new ArrowType.Int(64, true);

    /** Types that plain fields of both formats can have, and a line of JSON that has them all. */
    private static final List<Field> FLAT = List.of(
            Field.nullable("flag", new ArrowType.Bool()),
            Field.nullable("i8", new ArrowType.Int(8, true)),
            Field.nullable("u16", new ArrowType.Int(16, false)),
            Field.nullable("u64", new ArrowType.Int(64, false)),
            Field.nullable("i64", INT64),
            Field.nullable("f64", FLOAT64),
            Field.nullable("nan", FLOAT64),
            Field.nullable("text", new ArrowType.Utf8()),
            Field.nullable("large", new ArrowType.LargeUtf8()),
            Field.nullable("bytes", new ArrowType.Binary()),
            Field.nullable("fixed", new ArrowType.FixedSizeBinary(3)),
            Field.nullable("amount", new ArrowType.Decimal(20, 4, 128)),
            Field.nullable("day", new ArrowType.Date(DateUnit.DAY)),
            Field.nullable("time", new ArrowType.Time(TimeUnit.MICROSECOND, 64)),
            Field.nullable("local", new ArrowType.Timestamp(TimeUnit.NANOSECOND, null)),
            Field.nullable("utc", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
            Field.nullable("berlin", new ArrowType.Timestamp(TimeUnit.SECOND, "Europe/Berlin")),
            Field.nullable("took", new ArrowType.Duration(TimeUnit.MILLISECOND)));

    private static final String FLAT_JSON = "\"flag\":true,\"i8\":-128,\"u16\":65535,\"u64\":18446744073709551615,"
            + "\"i64\":-9223372036854775808,\"f64\":0.1,\"nan\":\"NaN\",\"text\":\"h\u00fc \\\"\\n,\",\"large\":\"\","
            + "\"bytes\":\"AP8=\",\"fixed\":\"AQID\",\"amount\":-12.3400,\"day\":\"1969-12-31\","
            + "\"time\":\"23:59:59.000001\",\"local\":\"1904-02-29T00:00:00.123456789\","
            + "\"utc\":\"2026-01-31T12:34:56.500000Z\",\"berlin\":\"2026-07-01T12:00:00+02:00\",\"took\":\"PT1.5S\"";

    @TempDir
    Path folder;

    private final FilesFixture fixture = new FilesFixture();

    @AfterEach
    void noMemoryIsLeft() {
        fixture.close();
    }

    private String file(String name, String content) throws Exception {
        Path file = folder.resolve(name);
        Files.writeString(file, content);
        return file.toString();
    }

    private List<Batch> numbers(String... lines) throws Exception {
        String file = file("in.json", String.join("\n", lines));
        return fixture.batches(FileSource.json(file));
    }

    private void write(FileSink definition, Schema schema, List<Batch> batches) throws Exception {
        try (Sink sink = fixture.sink(definition)) {
            sink.validate(schema, 1, true);
            sink.commit(List.of(fixture.write(sink, 0, 1, schema, batches.toArray(new Batch[0]))), FilesFixture.last());
        } finally {
            batches.forEach(Batch::close);
        }
    }

    private List<String> hiddenFiles() throws Exception {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("."))
                    .toList();
        }
    }

    @Test
    void jsonKeepsEveryTypeUnharmed() throws Exception {
        Field vector = new Field(
                "vector", FieldType.nullable(new ArrowType.FixedSizeList(2)), List.of(Field.nullable("item", FLOAT32)));
        Field entries = new Field(
                "entries",
                FieldType.notNullable(new ArrowType.Struct()),
                List.of(Field.notNullable("key", new ArrowType.Utf8()), Field.nullable("value", INT64)));
        Field map = new Field("map", FieldType.nullable(new ArrowType.Map(false)), List.of(entries));
        Field struct = new Field(
                "struct", FieldType.nullable(new ArrowType.Struct()), List.of(vector, Field.nullable("n", INT64)));
        Field list = new Field("list", FieldType.nullable(new ArrowType.List()), List.of(struct));
        Field large = new Field(
                "longs", FieldType.nullable(new ArrowType.LargeList()), List.of(Field.nullable("item", INT64)));
        List<Field> fields = new ArrayList<>(FLAT);
        fields.addAll(List.of(vector, map, list, large));
        Schema schema = new Schema(fields);
        String content = "{" + FLAT_JSON + ",\"vector\":[0.5,null],\"map\":{\"a\":1,\"b\":null},"
                + "\"list\":[{\"vector\":[1.0,2.0],\"n\":3},null,{\"vector\":null,\"n\":null}],\"longs\":[1,2]}\n"
                + "{"
                + FLAT.stream()
                        .map(field -> "\"" + field.getName() + "\":null,")
                        .reduce("", String::concat)
                + "\"vector\":null,\"map\":null,\"list\":null,\"longs\":null}\n"
                + "{"
                + FLAT.stream()
                        .map(field -> "\"" + field.getName() + "\":null,")
                        .reduce("", String::concat)
                + "\"vector\":[3.0,4.0],\"map\":{},\"list\":[],\"longs\":[]}\n";
        String in = file("types.json", content);
        Path out = folder.resolve("out/deep/types.json");
        List<Batch> batches = fixture.batches(FileSource.json(in).schema(schema));
        write(FileSink.json(out.toString()), schema, batches);
        assertThat(Files.readString(out)).isEqualTo(content);
    }

    @Test
    void csvKeepsFlatTypesUnharmed() throws Exception {
        String in = file("types.json", "{" + FLAT_JSON + "}\n{}\n");
        Path out = folder.resolve("types.csv");
        Schema schema = new Schema(FLAT);
        FileSource source = FileSource.json(in).schema(schema);
        write(FileSink.csv(out.toString()), schema, fixture.batches(source));
        assertThat(fixture.rows(FileSource.csv(out.toString()).schema(schema))).isEqualTo(fixture.rows(source));
        assertThat(Files.readAllLines(out).get(0)).startsWith("flag,i8,u16,u64,");
    }

    @Test
    void csvRefusesNestedColumnsAndChangingOnes() throws Exception {
        String target = folder.resolve("x.csv").toString();
        try (Sink sink = fixture.sink(FileSink.csv(target))) {
            Schema nested = new Schema(List.of(new Field("s", FieldType.nullable(new ArrowType.Struct()), List.of())));
            assertThatThrownBy(() -> sink.validate(nested, 1, true)).hasMessageContaining("nested column 's'");
            List<Batch> first = numbers("{\"a\":1}");
            List<Batch> second = numbers("{\"b\":1}");
            assertThatThrownBy(() -> fixture.write(sink, 0, 1, null, first.get(0), second.get(0)))
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.SCHEMA_CHANGED));
            first.get(0).close();
            second.get(0).close();
        }
        assertThat(hiddenFiles()).isEmpty();
    }

    @Test
    void jsonFollowsChangingColumns() throws Exception {
        Path out = folder.resolve("out.json");
        List<Batch> batches = new ArrayList<>(numbers("{\"a\":1}"));
        batches.addAll(numbers("{\"b\":\"x\"}"));
        try (Sink sink = fixture.sink(FileSink.json(out.toString()))) {
            sink.commit(List.of(fixture.write(sink, 0, 1, null, batches.toArray(new Batch[0]))), FilesFixture.last());
        }
        batches.forEach(Batch::close);
        assertThat(Files.readString(out)).isEqualTo("{\"a\":1}\n{\"b\":\"x\"}\n");
    }

    @Test
    void filesWithoutRowsAreMade() throws Exception {
        Schema schema = new Schema(List.of(Field.nullable("a", INT64)));
        Path json = folder.resolve("none.json");
        Path csv = folder.resolve("none.csv");
        write(FileSink.json(json.toString()), schema, List.of());
        write(FileSink.csv(csv.toString()), schema, List.of());
        assertThat(json).isEmptyFile();
        assertThat(csv).hasContent("a\n");
    }
}
