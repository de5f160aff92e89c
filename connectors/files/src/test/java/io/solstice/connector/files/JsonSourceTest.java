package io.solstice.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.source.FileSource;
import io.solstice.api.source.Source;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Split;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonSourceTest {
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

    @Test
    void findsTypesOutFromAllRowsOfTheSample() throws Exception {
        String file = file("a.json", """
                {"id": 1, "price": 2, "at": "2026-01-31T12:00:00Z", "ok": true, "none": null, "tags": ["a"], "info": {"w": 1}}

                {"id": 2, "price": 2.5, "info": {"w": null, "h": 7}, "extra": "x"}
                """);
        Schema schema = fixture.schema(FileSource.json(file));
        assertThat(schema.toString())
                .isEqualTo("Schema<id: Int(64, true), price: FloatingPoint(DOUBLE), at: Utf8, ok: Bool, none: Utf8,"
                        + " tags: List<item: Utf8>, info: Struct<w: Int(64, true), h: Int(64, true)>, extra: Utf8>");
        assertThat(fixture.rows(FileSource.json(file)))
                .containsExactly(
                        "1|2.0|2026-01-31T12:00:00Z|true|null|[\"a\"]|{\"w\":1}|null",
                        "2|2.5|null|null|null|null|{\"h\":7}|x");
    }

    @Test
    void readsOnlyTheChosenColumnsInTheirOrder() throws Exception {
        String file = file("a.json", "{\"a\":1,\"b\":{\"x\":[1]},\"c\":\"y\"}\n{\"c\":\"z\"}");
        assertThat(fixture.rows(FileSource.json(file).columns("c", "a"))).containsExactly("y|1", "z|null");
        assertThatThrownBy(() -> fixture.schema(FileSource.json(file).columns("aa")))
                .isInstanceOfSatisfying(SolsticeException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.COLUMN_UNKNOWN);
                    assertThat(error).hasMessageContaining("did you mean 'a'");
                });
    }

    @Test
    void goesOnFromAPosition() throws Exception {
        String file = file("a.json", "{\"a\":1}\n{\"a\":oops}\n{\"a\":2}\n{\"a\":3}\n{\"a\":}\n{\"a\":4}\n");
        FileSource definition = FileSource.json(file).skipOnError(true).batchSize(2);
        try (Source source = fixture.source(definition)) {
            Split split = source.splits().get(0);
            assertThat(FilesFixture.texts(fixture.batches(source, split, 2))).containsExactly("3", "4");
        }
        assertThat(fixture.skipped).containsExactly(file + ":5 {\"a\":}");
    }

    @Test
    void skippedRowsLeaveNothingBehind() throws Exception {
        String file = file("a.json", """
                {"a":"x","l":["p","q"],"s":{"u":1,"v":"w"},"n":1}
                {"a":"lost","l":["r",null,"s"],"s":{"u":2,"v":"lost"},"n":"bad"}
                {"l":[null,"t"],"s":{"v":null},"n":2}
                {"a":"y","l":null,"s":null,"n":3}
                """);
        assertThat(fixture.rows(FileSource.json(file).skipOnError(true)))
                .containsExactly("x|[\"p\",\"q\"]|{\"u\":1,\"v\":\"w\"}|1", "null|[null,\"t\"]|{}|2", "y|null|null|3");
        assertThat(fixture.skipped).hasSize(1);
    }

    @Test
    void emptyFilesHaveNoRows() throws Exception {
        String empty = file("empty.json", "");
        String full = file("full.json", "{\"a\":1}\n");
        assertThat(fixture.rows(FileSource.json(empty, full))).containsExactly("1");
        assertThatThrownBy(() -> fixture.schema(FileSource.json(empty)))
                .hasMessageContaining(ErrorCode.SOURCE_FORMAT.code())
                .hasMessageContaining("FileSource.schema");
        Schema schema = new Schema(List.of(Field.nullable("a", new ArrowType.Int(32, true))));
        assertThat(fixture.rows(FileSource.json(empty).schema(schema))).isEmpty();
        assertThat(fixture.rows(FileSource.json(full).schema(schema))).containsExactly("1");
    }

    static Stream<Arguments> malformedLines() {
        return Stream.of(
                Arguments.of("{\"a\":1", "not valid JSON", ":2"),
                Arguments.of("{\"a\":1,}", "column 8", ":2"),
                Arguments.of("[1,2]", "not a JSON object", ":2"),
                Arguments.of("{\"a\":1} {\"a\":2}", "more than one JSON value", ":2"),
                Arguments.of("{\"a\":\"text\"}", "found the text 'text', expected int64", ":2"),
                Arguments.of("{\"a\":1.5}", "found 1.5, expected int64", ":2"),
                Arguments.of("{\"a\":99999999999999999999}", "expected int64", ":2"),
                Arguments.of("{\"a\":1,\"a\":2}", "twice", ":2"),
                Arguments.of("{\"a\":1,\"new\":2}", "field 'new'", ":2"),
                Arguments.of("{\"a\":{\"b\":1}}", "found an object", ":2"),
                Arguments.of("{\"a\":nul}", "not valid JSON", "byte 17"));
    }

    @ParameterizedTest
    @MethodSource("malformedLines")
    void malformedLinesSayWhatAndWhere(String line, String what, String where) throws Exception {
        // The sample ends after the first thousand rows, so that the malformed line is met while reading.
        String file = file("bad.json", "{\"a\":1}    \n" + line + "\n");
        Schema known = new Schema(List.of(Field.nullable("a", new ArrowType.Int(64, true))));
        JsonFormat format = new JsonFormat(TextSettings.of(FileSource.json(file).config()));
        try (JsonReader reader =
                (JsonReader) format.open(FileRange.whole(Path.of(file)), known, true, 0, fixture.sourceContext())) {
            assertThatThrownBy(reader::read)
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.RECORD_MALFORMED))
                    .hasMessageContaining(what)
                    .hasMessageContaining(where)
                    .hasMessageContaining("bad.json");
        }
        List<String> rows = fixture.rows(FileSource.json(file).skipOnError(true).columns("a"));
        assertThat(rows.get(0)).startsWith("1");
    }

    @Test
    void anArrayAsWholeFileIsExplained() throws Exception {
        String file = file("array.json", "[\n{\"a\":1}\n]");
        assertThatThrownBy(() -> fixture.schema(FileSource.json(file)))
                .hasMessageContaining("SOL-1306")
                .hasMessageContaining("jq -c");
    }

    @Test
    void missingPathsNameWhatIsNear() throws Exception {
        file("events.json", "{}");
        assertThatThrownBy(() -> fixture.schema(FileSource.json(folder + "/event.json")))
                .hasMessageContaining("SOL-3201")
                .hasMessageContaining("events.json");
        assertThatThrownBy(() -> fixture.schema(FileSource.json(folder + "/nowhere/deep/x.json")))
                .hasMessageContaining("'" + folder + "/nowhere' does not exist");
        assertThatThrownBy(() -> fixture.schema(FileSource.json(folder + "/*.csv")))
                .hasMessageContaining("SOL-3201");
    }

    @Test
    void readsDirectoriesAndGlobsWithoutHiddenFiles() throws Exception {
        file("a.json", "{\"a\":1}\n");
        file("b.json", "{\"a\":2}\n");
        file(".hidden.json", "{\"a\":3}\n");
        Files.createDirectories(folder.resolve("deep"));
        file("deep/c.json", "{\"a\":4}\n");
        assertThat(fixture.rows(FileSource.json(folder.toString()))).containsExactly("1", "2", "4");
        assertThat(fixture.rows(FileSource.json(folder + "/*.json"))).containsExactly("1", "2");
        assertThat(fixture.rows(FileSource.json(folder + "/**.json"))).containsExactly("1", "2", "4");
    }

    @Test
    void partsOfAFileTogetherHaveEveryLineOnce() throws Exception {
        StringBuilder content = new StringBuilder("\uFEFF");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            content.append("{\"a\":\"").append("x".repeat(i % 37)).append(i).append("\"}\n");
            expected.add("x".repeat(i % 37) + i);
        }
        Path file = Path.of(file("big.json", content.toString()));
        long size = content.toString().getBytes(StandardCharsets.UTF_8).length;
        Schema schema = new Schema(List.of(Field.nullable("a", new ArrowType.Utf8())));
        for (int piece : new int[] {4, 7, 64, 1000}) {
            List<String> found = new ArrayList<>();
            for (long start = 0; start < size; start += piece) {
                FileRange range = new FileRange(file, start, start + piece);
                JsonFormat format =
                        new JsonFormat(TextSettings.of(FileSource.json("x").config()));
                try (var reader = format.open(range, schema, true, 0, fixture.sourceContext())) {
                    for (var batch = reader.read(); batch != null; batch = reader.read()) {
                        found.addAll(FilesFixture.texts(List.of(batch)));
                    }
                }
            }
            assertThat(found).isEqualTo(expected);
        }
    }

    @Test
    void largeRowsMakeSmallBatches() throws Exception {
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            content.append("{\"a\":\"").append("y".repeat(1 << 20)).append("\"}\n");
        }
        String file = file("large.json", content.toString());
        var batches = fixture.batches(FileSource.json(file));
        assertThat(batches.size()).isGreaterThan(1);
        assertThat(FilesFixture.texts(batches)).hasSize(40);
    }
}
