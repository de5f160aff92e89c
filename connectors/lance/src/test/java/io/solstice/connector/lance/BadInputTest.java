package io.solstice.connector.lance;

import static io.solstice.connector.lance.Lab.INT64;
import static io.solstice.connector.lance.Lab.TEXT;
import static io.solstice.connector.lance.Lab.field;
import static io.solstice.connector.lance.TableSourceTest.SCHEMA;
import static io.solstice.connector.lance.TableSourceTest.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.api.sink.LanceSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.source.LanceTableSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.spi.PushdownSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad input gives its code, names what is wrong, changes nothing, and shows nothing of Lance's insides. */
class BadInputTest {
    @TempDir
    Path folder;

    record BadSource(ErrorCode code, String mentions, Function<Path, LanceTableSource> source) {
        @Override
        public String toString() {
            return code + " " + mentions;
        }
    }

    static List<BadSource> badSources() {
        return List.of(
                source(ErrorCode.SOURCE_NOT_FOUND, "does not exist", "missing.lance", table -> table),
                source(ErrorCode.SOURCE_FORMAT, "_versions", "folder", table -> table),
                source(ErrorCode.SOURCE_FORMAT, "it is a file", "file", table -> table),
                source(ErrorCode.SOURCE_FORMAT, "sufficient data", "damaged.lance", table -> table),
                source(ErrorCode.COLUMN_UNKNOWN, "did you mean 'name'", "t.lance", table -> table.columns("nam")),
                source(ErrorCode.OPTION_INVALID, "twice", "t.lance", table -> table.columns("id", "id")),
                source(ErrorCode.OPTION_INVALID, "at least one column", "t.lance", table -> table.columns()),
                source(ErrorCode.OPTION_INVALID, "sql parser error", "t.lance", table -> table.filter("id >")),
                source(ErrorCode.OPTION_INVALID, "No field named nam", "t.lance", table -> table.filter("nam = 1")),
                source(ErrorCode.OPTION_INVALID, "boolean", "t.lance", table -> table.filter("id + 1")),
                source(ErrorCode.OPTION_INVALID, "could not convert", "t.lance", table -> table.filter("id = 'x'")),
                source(ErrorCode.OPTION_INVALID, "1 versions, 1 to 1", "t.lance", table -> table.version(7)));
    }

    private static BadSource source(
            ErrorCode code, String mentions, String name, Function<LanceTableSource, LanceTableSource> change) {
        return new BadSource(
                code,
                mentions,
                folder -> change.apply(LanceTableSource.of(folder.resolve(name).toString())));
    }

    @ParameterizedTest
    @MethodSource("badSources")
    void sourcesSayWhatIsWrong(BadSource bad) throws Exception {
        try (Lab lab = new Lab()) {
            prepare(lab);
            List<String> before = contents();
            SolsticeException refused = catchThrowableOfType(SolsticeException.class, () -> {
                try (PushdownSource source = Lab.connector().source(bad.source.apply(folder))) {
                    source.splits();
                }
            });
            check(refused, bad.code, bad.mentions);
            assertThat(contents()).isEqualTo(before);
        }
    }

    record BadSink(ErrorCode code, String mentions, String name, Schema rows) {}

    static List<BadSink> badSinks() {
        Schema interval = Lab.schema(field("gap", new ArrowType.Interval(IntervalUnit.YEAR_MONTH)));
        return List.of(
                new BadSink(ErrorCode.TARGET_CONFLICT, "not a Lance table", "folder", SCHEMA),
                new BadSink(ErrorCode.TARGET_CONFLICT, "not a Lance table", "file", SCHEMA),
                new BadSink(ErrorCode.TARGET_CONFLICT, "cannot be read", "damaged.lance", SCHEMA),
                new BadSink(ErrorCode.PATH_UNUSABLE, "is not a directory", "file/t.lance", SCHEMA),
                new BadSink(
                        ErrorCode.TARGET_CONFLICT,
                        "the column 'id' is Utf8; expected Int(64, true)",
                        "t.lance",
                        Lab.schema(field("id", TEXT), field("name", TEXT))),
                new BadSink(
                        ErrorCode.TARGET_CONFLICT,
                        "'name' (Utf8) is missing",
                        "t.lance",
                        Lab.schema(field("id", INT64))),
                new BadSink(
                        ErrorCode.TARGET_CONFLICT,
                        "'extra' (Utf8) is not among",
                        "t.lance",
                        Lab.schema(field("id", INT64), field("name", TEXT), field("extra", TEXT))),
                new BadSink(ErrorCode.TARGET_CONFLICT, "'gap'", "new.lance", interval),
                new BadSink(ErrorCode.TARGET_CONFLICT, "dot", "new.lance", Lab.schema(field("a.b", TEXT))),
                new BadSink(ErrorCode.TARGET_CONFLICT, "_rowid", "new.lance", Lab.schema(field("_rowid", TEXT))),
                new BadSink(
                        ErrorCode.TARGET_CONFLICT,
                        "same name",
                        "new.lance",
                        Lab.schema(field("a", TEXT), field("a", TEXT))),
                new BadSink(ErrorCode.TARGET_CONFLICT, "Struct", "new.lance", Lab.schema(new Field[] {
                    field("a", new ArrowType.Struct())
                })));
    }

    @ParameterizedTest
    @MethodSource("badSinks")
    void sinksSayWhatIsWrongBeforeAnythingIsWritten(BadSink bad) throws Exception {
        try (Lab lab = new Lab()) {
            prepare(lab);
            List<String> before = contents();
            try (Sink sink =
                    Lab.connector().sink(LanceSink.of(folder.resolve(bad.name).toString()))) {
                SolsticeException refused =
                        catchThrowableOfType(SolsticeException.class, () -> sink.validate(bad.rows, 2, true));
                check(refused, bad.code, bad.mentions);
            }
            assertThat(contents()).isEqualTo(before);
        }
    }

    @Test
    void remotePathsAreRefused() {
        SolsticeException refused = catchThrowableOfType(
                SolsticeException.class, () -> Lab.connector().sink(LanceSink.of("s3://bucket/t.lance")));
        check(refused, ErrorCode.OPTION_INVALID, "directory of this machine");
    }

    @Test
    void aJvmWithoutTheFlagIsToldOfIt() throws Exception {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes,
                        WithoutFlag.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("SOL-1508", "start it with --add-opens=java.base/java.nio=ALL-UNNAMED");
    }

    /** Runs in a JVM of its own. */
    static final class WithoutFlag {
        private WithoutFlag() {}

        public static void main(String[] arguments) throws Exception {
            try (Sink sink = Lab.connector().sink(LanceSink.of(arguments[0] + "/t.lance"))) {
                sink.validate(SCHEMA, 1, true);
            } catch (SolsticeException refused) {
                System.out.println(refused.error().display());
            }
        }
    }

    private static void check(SolsticeException refused, ErrorCode code, String mentions) {
        assertThat(refused).isNotNull();
        String shown = refused.error().display();
        assertThat(refused.code()).as(shown).isEqualTo(code);
        assertThat(shown).contains(mentions).doesNotContain(".rs:", "/workspace/", "LanceError", "backtrace");
    }

    private void prepare(Lab lab) throws Exception {
        lab.write(LanceSink.of(folder.resolve("t.lance").toString()), "one", numbered(lab, 0, 5));
        Files.createDirectories(folder.resolve("folder"));
        Files.writeString(folder.resolve("folder/readme.txt"), "not a table");
        Files.writeString(folder.resolve("file"), "not a table");
        Path damaged = folder.resolve("damaged.lance");
        lab.write(LanceSink.of(damaged.toString()), "one", numbered(lab, 0, 5));
        try (Stream<Path> versions = Files.list(damaged.resolve("_versions"))) {
            for (Path version : versions.toList()) {
                Files.write(version, new byte[] {1, 2, 3});
            }
        }
    }

    private List<String> contents() throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toString).sorted().toList();
        }
    }
}
