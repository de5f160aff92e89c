package io.solstice.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.source.FileSource;
import io.solstice.api.source.Source;
import io.solstice.common.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvSourceTest {
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
    void findsTypesOut() throws Exception {
        String file = file(
                "a.csv",
                "\uFEFFid,price,ok,name,code,mixed\r\n"
                        + "1,2,true,\"a,\"\"b\"\"\n c\",007,1\r\n2,2.5,,\"\",008,x\r\n,NaN,false,,,\n");
        assertThat(fixture.schema(FileSource.csv(file)).toString())
                .isEqualTo("Schema<id: Int(64, true), price: FloatingPoint(DOUBLE), ok: Bool, name: Utf8, code: Utf8,"
                        + " mixed: Utf8>");
        assertThat(fixture.rows(FileSource.csv(file)))
                .containsExactly("1|2.0|true|a,\"b\"\n c|007|1", "2|2.5|null||008|x", "null|NaN|false|null|null|null");
    }

    @Test
    void honoursDelimiterHeaderColumnsAndSchema() throws Exception {
        String plain = file("a.csv", "1;x\n2;y\n");
        FileSource without = FileSource.fromConfig(
                Map.of("file_paths", List.of(plain), "format", "csv", "delimiter", ";", "header", false));
        assertThat(fixture.rows(without.columns("column_2"))).containsExactly("x", "y");

        Schema schema = new Schema(List.of(
                Field.nullable("at", new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC")),
                Field.nullable("amount", new ArrowType.Decimal(10, 2, 128)),
                Field.nullable("absent", new ArrowType.Int(32, true))));
        String typed = file("b.csv", "amount,other,at\n1.5,x,2026-01-31T01:00:00.25+01:00\n,,\n");
        assertThat(fixture.rows(FileSource.csv(typed).schema(schema)))
                .containsExactly("1769817600250|1.50|null", "null|null|null");
        assertThatThrownBy(() -> fixture.schema(FileSource.csv(typed).columns("amunt")))
                .hasMessageContaining(ErrorCode.COLUMN_UNKNOWN.code())
                .hasMessageContaining("amount");
    }

    @Test
    void goesOnFromAPosition() throws Exception {
        String file = file("a.csv", "a\n1\n2\n3\n4\n");
        try (Source source = fixture.source(FileSource.csv(file).batchSize(2))) {
            var batches = fixture.batches(source, source.splits().get(0), 3);
            assertThat(FilesFixture.texts(batches)).containsExactly("4");
        }
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("a,b\n1,2\n3\n", "found 1 fields", ":3"),
                Arguments.of("a,b\n1,2\n3,4,5\n", "found 3 fields", ":3"),
                Arguments.of("a,b\n1,2\n3,\"x\n", "not valid CSV", ":3"),
                Arguments.of("a,b\n1,2\nx,4\n", "found 'x', expected int64", ":3"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedLinesSayWhatAndWhere(String content, String what, String where) throws Exception {
        String file = file("bad.csv", content);
        Schema schema = new Schema(List.of(
                Field.nullable("a", new ArrowType.Int(64, true)), Field.nullable("b", new ArrowType.Int(64, true))));
        FileSource source = FileSource.csv(file).schema(schema);
        assertThatThrownBy(() -> fixture.rows(source))
                .hasMessageContaining("SOL-1306")
                .hasMessageContaining(what)
                .hasMessageContaining("bad.csv" + where);
        assertThat(fixture.rows(source.skipOnError(true).schema(schema))).containsExactly("1|2");
        assertThat(fixture.skipped).hasSize(1);
    }

    @Test
    void otherEncodingsAndEmptyFilesAreExplained() throws Exception {
        Path latin = folder.resolve("latin.csv");
        Files.write(latin, "name\nM\u00fcller\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> fixture.schema(FileSource.csv(latin.toString())))
                .hasMessageContaining("UTF-8")
                .hasMessageContaining("latin.csv");
        String empty = file("empty.csv", "");
        assertThatThrownBy(() -> fixture.schema(FileSource.csv(empty))).hasMessageContaining("SOL-3202");
        String header = file("header.csv", "a,b\n");
        assertThat(fixture.rows(FileSource.csv(header, empty))).isEmpty();
        String twice = file("twice.csv", "a,a\n1,2\n");
        assertThatThrownBy(() -> fixture.schema(FileSource.csv(twice))).hasMessageContaining("two columns");
    }
}
