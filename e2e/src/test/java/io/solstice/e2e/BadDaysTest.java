package io.solstice.e2e;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.lit;
import static io.solstice.common.error.ErrorCode.COLUMN_UNKNOWN;
import static io.solstice.common.error.ErrorCode.FUNCTION_FAILED;
import static io.solstice.common.error.ErrorCode.GRAPH_CYCLE;
import static io.solstice.common.error.ErrorCode.GRAPH_DANGLING;
import static io.solstice.common.error.ErrorCode.GRAPH_EMPTY;
import static io.solstice.common.error.ErrorCode.NAME_INVALID;
import static io.solstice.common.error.ErrorCode.NULL_VALUE;
import static io.solstice.common.error.ErrorCode.OPTION_INVALID;
import static io.solstice.common.error.ErrorCode.OPTION_MISSING;
import static io.solstice.common.error.ErrorCode.OPTION_UNKNOWN;
import static io.solstice.common.error.ErrorCode.PARALLELISM_INVALID;
import static io.solstice.common.error.ErrorCode.RECORD_MALFORMED;
import static io.solstice.common.error.ErrorCode.RECORD_TYPE;
import static io.solstice.common.error.ErrorCode.RESOURCES_INVALID;
import static io.solstice.common.error.ErrorCode.SOURCE_FORMAT;
import static io.solstice.common.error.ErrorCode.SOURCE_NOT_FOUND;
import static io.solstice.common.error.ErrorCode.STAGE_DUPLICATE;
import static io.solstice.common.error.ErrorCode.STAGE_ROLE;
import static io.solstice.common.error.ErrorCode.STAGE_UNKNOWN;
import static io.solstice.common.error.ErrorCode.TARGET_CONFLICT;
import static io.solstice.common.error.ErrorCode.TYPE_MISMATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.solstice.api.Job;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.config.StageDefinition;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.source.FileSource;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.source.LanceTableSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.testing.MemorySink;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every wrong input gets a code, a place, a cause and help, before any side effect; and the engine goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadDaysTest {
    private static final GeneratorSource NUMBERS = GeneratorSource.numbers(1, 1000);

    private final Solstice solstice = Solstice.embedded();

    @TempDir
    Path folders;

    record Number(long number) {}

    record Misspelt(long nomber) {}

    record AsText(String number) {}

    record Half(double half) {}

    record Odd(BigInteger number) {}

    @AfterAll
    void stop() {
        solstice.close();
    }

    Stream<BadInput> inputs() {
        List<BadInput> all = new ArrayList<>();
        graphs(all);
        columns(all);
        options(all);
        sources(all);
        sinks(all);
        functions(all);
        return all.stream();
    }

    private void graphs(List<BadInput> all) {
        Stage in = Stage.of("in", NUMBERS);
        Stage out = Stage.of("out", new PrintSink(1));
        Stage map = Stage.of("map", MapOperator.withColumns(lit(1).as("one")));
        Stage more = Stage.of("more", MapOperator.withColumns(lit(2).as("two")));
        add(all, "empty graph", GRAPH_EMPTY, "job 'bad'", "add a source", f -> run(new Job("bad")));
        add(
                all,
                "sink alone",
                GRAPH_EMPTY,
                "job 'bad'",
                "add a source",
                f -> run(new Job("bad").addStage(map, "map").addStage(out, "map")));
        add(
                all,
                "source goes nowhere",
                GRAPH_DANGLING,
                "job 'bad'",
                "add a sink",
                f -> run(new Job("bad").addStage(in)));
        add(
                all,
                "cycle",
                GRAPH_CYCLE,
                "job 'bad'",
                "remove one",
                f -> run(new Job("bad")
                        .addStage(in)
                        .addStage(map, "in", "more")
                        .addStage(more, "map")
                        .addStage(out, "more")));
        add(
                all,
                "duplicate stage",
                STAGE_DUPLICATE,
                "job 'bad'",
                "id of its own",
                f -> run(new Job("bad").addStage(in).addStage(in)));
        add(
                all,
                "unknown upstream",
                STAGE_UNKNOWN,
                "job 'bad'",
                "did you mean 'in'?",
                f -> run(new Job("bad").addStage(in).addStage(out, "inn")));
        add(
                all,
                "sink in the middle",
                STAGE_ROLE,
                "job 'bad'",
                "a sink ends",
                f -> run(new Job("bad").addStage(in).addStage(out, "in").addStage(map, "out")));
        add(
                all,
                "operator without input",
                STAGE_ROLE,
                "job 'bad'",
                "name its upstream",
                f -> run(new Job("bad").addStage(in).addStage(map).addStage(out, "map")));
        add(all, "parallelism 0", PARALLELISM_INVALID, "", "one number", f -> run(simple(in.parallelism(0), out)));
        add(all, "min above max", PARALLELISM_INVALID, "", "2-10", f -> run(simple(in.parallelism(10, 2), out)));
        add(
                all,
                "more tasks than key groups",
                PARALLELISM_INVALID,
                "job 'bad'",
                "key groups",
                f -> run(new Job("bad")
                        .keyGroups(4)
                        .addStage(in)
                        .addStage(Stage.of("key", KeyByOperator.columns("number")), "in")
                        .addStage(Stage.of("out", new PrintSink(1)).parallelism(5), "key")));
        add(all, "negative memory", RESOURCES_INVALID, "", "in bytes", f -> run(simple(in.memory(-1), out)));
        add(all, "job id with spaces", NAME_INVALID, "", "my_job", f -> run(new Job("my job")));
    }

    private void columns(List<BadInput> all) {
        operator(
                all,
                "unknown column in select",
                COLUMN_UNKNOWN,
                "did you mean 'number'?",
                MapOperator.select(col("numbr")));
        operator(
                all,
                "unknown column in filter",
                COLUMN_UNKNOWN,
                "did you mean 'number'?",
                FilterOperator.where(col("nummer").gt(1)));
        operator(all, "unknown key column", COLUMN_UNKNOWN, "did you mean 'number'?", KeyByOperator.columns("numer"));
        operator(
                all,
                "unknown record component",
                COLUMN_UNKNOWN,
                "did you mean 'number'?",
                FilterOperator.records(Misspelt.class, m -> true));
        operator(all, "record of another type", TYPE_MISMATCH, "", FilterOperator.records(AsText.class, t -> true));
        operator(
                all,
                "record of a type without columns",
                RECORD_TYPE,
                "",
                MapOperator.records(Number.class, Odd.class, n -> new Odd(BigInteger.ONE)));
        operator(
                all,
                "text plus number",
                TYPE_MISMATCH,
                "",
                MapOperator.select(col("number").plus("x").as("y")));
        operator(all, "filter that is no condition", TYPE_MISMATCH, "", FilterOperator.where(col("number")));
        add(
                all,
                "upstreams of different columns",
                TYPE_MISMATCH,
                "stage 'out'",
                "MapOperator.select",
                f -> run(new Job("bad")
                        .addStage(Stage.of("a", NUMBERS))
                        .addStage(Stage.of("b", GeneratorSource.mockEvents(5)))
                        .addStage(Stage.of("out", new PrintSink(1)), "a", "b")));
    }

    private void options(List<BadInput> all) {
        add(
                all,
                "unknown option",
                OPTION_UNKNOWN,
                "LanceTableSource.batchsize",
                "did you mean 'batch_size'?",
                f -> LanceTableSource.fromConfig(Map.of("table_path", "x", "batchsize", 5)));
        add(all, "missing option", OPTION_MISSING, "FileSink.output_path", "", f -> FileSink.fromConfig(Map.of()));
        add(
                all,
                "unknown format",
                OPTION_INVALID,
                "FileSource.format",
                "did you mean 'parquet'?",
                f -> FileSource.fromConfig(Map.of("file_paths", "x", "format", "parqet")));
        add(
                all,
                "batch size of nothing",
                OPTION_INVALID,
                "LanceTableSource.batch_size",
                "",
                f -> LanceTableSource.of("x").batchSize(0));
        add(
                all,
                "batch size in words",
                OPTION_INVALID,
                "FileSink.buffer_size",
                "",
                f -> FileSink.fromConfig(Map.of("output_path", "x", "buffer_size", "many")));
        add(all, "no paths", OPTION_MISSING, "FileSource.file_paths", "globs", f -> FileSource.json());
        add(all, "checkpoint interval", OPTION_INVALID, "", "", f -> new Job("bad").checkpointIntervalSecs(-1));
    }

    private void sources(List<BadInput> all) {
        for (String format : List.of("json", "csv", "parquet")) {
            add(
                    all,
                    "missing " + format,
                    SOURCE_NOT_FOUND,
                    "stage 'in'",
                    "",
                    f -> run(simple(
                            Stage.of("in", source(format, f.resolve("none." + format))),
                            Stage.of("out", new PrintSink(1)))));
        }
        add(
                all,
                "missing table",
                SOURCE_NOT_FOUND,
                "stage 'in'",
                "",
                f -> run(simple(
                        Stage.of(
                                "in",
                                LanceTableSource.of(f.resolve("none.lance").toString())),
                        Stage.of("out", new PrintSink(1)))));
        add(
                all,
                "table that is a text file",
                SOURCE_FORMAT,
                "stage 'in'",
                "",
                f -> run(simple(
                        Stage.of(
                                "in",
                                LanceTableSource.of(write(f, "t.lance", "hello").toString())),
                        Stage.of("out", new PrintSink(1)))));
        add(
                all,
                "parquet that is a text file",
                SOURCE_FORMAT,
                "stage 'in'",
                "",
                f -> run(simple(
                        Stage.of("in", source("parquet", write(f, "t.parquet", "hello"))),
                        Stage.of("out", new PrintSink(1)))));
        add(
                all,
                "json with a broken line",
                RECORD_MALFORMED,
                "stage 'in'",
                "",
                f -> run(simple(
                        Stage.of("in", source("json", write(f, "t.json", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n"))),
                        Stage.of("out", new PrintSink(1)))));
        add(
                all,
                "csv with a field too many",
                RECORD_MALFORMED,
                "stage 'in'",
                "",
                f -> run(simple(
                        Stage.of("in", source("csv", write(f, "t.csv", "a,b\n1,2\n1,2,3\n"))),
                        Stage.of("out", new PrintSink(1)))));
        add(
                all,
                "unknown column of a file",
                COLUMN_UNKNOWN,
                "stage 'in'",
                "did you mean 'alpha'?",
                f -> run(simple(
                        Stage.of(
                                "in",
                                source("json", write(f, "t.json", "{\"alpha\":1}\n"))
                                        .columns("alhpa")),
                        Stage.of("out", new PrintSink(1)))));
    }

    private void sinks(List<BadInput> all) {
        add(
                all,
                "bucket instead of a directory",
                OPTION_INVALID,
                "stage 'out'",
                "mount the store",
                f -> run(simple(Stage.of("in", NUMBERS), Stage.of("out", FileSink.json("s3://bucket/out.json")))));
        add(
                all,
                "path with a zero byte",
                OPTION_INVALID,
                "stage 'in'",
                "name a file",
                f -> run(simple(Stage.of("in", FileSource.json("a\0b")), Stage.of("out", new PrintSink(1)))));
        add(all, "file where a directory is needed", TARGET_CONFLICT, "stage 'out'", "", f -> {
            write(f, "out", "mine");
            run(simple(
                    Stage.of("in", NUMBERS),
                    Stage.of("out", FileSink.json(f.resolve("out").toString())).parallelism(2)));
        });
        add(all, "table where a file is", TARGET_CONFLICT, "stage 'out'", "", f -> {
            write(f, "out.lance", "mine");
            run(simple(
                    Stage.of("in", NUMBERS),
                    Stage.of("out", LanceSink.of(f.resolve("out.lance").toString()))));
        });
        add(all, "existing file in mode fail", TARGET_CONFLICT, "stage 'out'", "", f -> {
            write(f, "out.json", "mine");
            run(simple(
                    Stage.of("in", NUMBERS),
                    Stage.of(
                            "out",
                            FileSink.json(f.resolve("out.json").toString()).mode("fail"))));
        });
        add(all, "table of another schema", TARGET_CONFLICT, "stage 'out'", "", f -> {
            String table = f.resolve("t.lance").toString();
            try (Solstice other = Solstice.embedded()) {
                other.submit(simple(
                                Stage.of("in", GeneratorSource.mockEvents(3)), Stage.of("out", LanceSink.of(table))))
                        .await();
            }
            run(simple(Stage.of("in", NUMBERS), Stage.of("out", LanceSink.of(table))));
        });
    }

    private void functions(List<BadInput> all) {
        operator(
                all,
                "function that throws",
                FUNCTION_FAILED,
                "skip_on_error",
                MapOperator.rows(row -> Row.of("x", 1 / (row.getLong("number") - 7))));
        operator(
                all,
                "record function that throws",
                FUNCTION_FAILED,
                "skip_on_error",
                MapOperator.records(Number.class, Half.class, n -> {
                    throw new IllegalStateException("no half of " + n.number());
                }));
        operator(all, "null from a function", NULL_VALUE, "", MapOperator.rows(row -> nothing()));
        operator(all, "stack overflow", FUNCTION_FAILED, "", FilterOperator.rows(row -> endless(row, 0) > 0));
    }

    @SuppressWarnings("NullAway") // what a user without null checks may write
    private static Row nothing() {
        return null;
    }

    @SuppressWarnings("InfiniteRecursion") // that is the point
    private static long endless(Row row, long depth) {
        return endless(row, depth + 1) + 1;
    }

    private void operator(List<BadInput> all, String name, ErrorCode code, String help, StageDefinition operator) {
        add(
                all,
                name,
                code,
                "stage 'op'",
                help,
                f -> run(new Job("bad")
                        .addStage(Stage.of("in", NUMBERS))
                        .addStage(Stage.of("op", operator), "in")
                        .addStage(
                                Stage.of(
                                        "out",
                                        FileSink.json(f.resolve("never.json").toString())),
                                "op")));
    }

    private static void add(
            List<BadInput> all, String name, ErrorCode code, String place, String help, BadInput.Attempt attempt) {
        all.add(new BadInput(name, code, place, help, attempt));
    }

    private static Job simple(Stage in, Stage out) {
        return new Job("bad").addStage(in).addStage(out, "in");
    }

    private static FileSource source(String format, Path path) {
        return FileSource.fromConfig(Map.of("file_paths", path.toString(), "format", format));
    }

    private static Path write(Path folder, String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    private void run(Job job) throws Exception {
        solstice.submit(job).await();
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void isExplainedAndHarmless(BadInput input) throws Exception {
        Path folder = Files.createDirectory(folders.resolve(input.name().replace(' ', '-')));
        Throwable thrown = catchThrowable(() -> input.attempt().run(folder));
        assertThat(thrown).isInstanceOf(SolsticeException.class);
        SolsticeError error = ((SolsticeException) thrown).error();
        assertThat(error.code()).as(error.display()).isEqualTo(input.code());
        assertThat(error.where()).as(error.display()).contains(input.place());
        assertThat(error.help()).as(error.display()).contains(input.help());
        assertThat(error.cause() + error.help()).as(error.display()).isNotEmpty();
        assertThat(error.display()).doesNotContain("\tat ");
        assertThat(folder.resolve("never.json")).doesNotExist();
        assertNothingStaged(folder);
        stillRuns();
    }

    private static void assertNothingStaged(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.contains(".solstice-"));
        }
    }

    private void stillRuns() throws Exception {
        MemorySink sink = new MemorySink();
        run(new Job("good")
                .addStage(Stage.of("in", GeneratorSource.numbers(1, 10)))
                .addStage(Stage.sink("out", sink), "in"));
        assertThat(sink.rows()).hasSize(10);
    }
}
