package io.solstice.api.source;

import static io.solstice.api.Refusals.refused;
import static io.solstice.api.expr.Expressions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.sink.PrintSink;
import io.solstice.common.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The documented keys of the built-in sources and sinks, their defaults and what is refused. */
class ConnectorConfigTest {

    @Test
    void lanceTableSource() {
        assertThat(LanceTableSource.of("/t").config()).isEqualTo(Map.of("table_path", "/t", "batch_size", 1000));
        LanceTableSource all = LanceTableSource.fromConfig(
                Map.of("table_path", "/t", "batch_size", "50", "columns", "a, b", "filter", "a > 1", "version", 3));
        assertThat(all.config())
                .isEqualTo(Map.of(
                        "table_path",
                        "/t",
                        "batch_size",
                        50,
                        "columns",
                        List.of("a", "b"),
                        "filter",
                        "a > 1",
                        "version",
                        3L));
        assertThat(all.type()).isEqualTo("LanceTableSource");
        assertThat(all.connector()).isEqualTo("lance");
        LanceTableSource built = LanceTableSource.of("/t")
                .batchSize(50)
                .columns("a", "b")
                .filter("a > 1")
                .version(3);
        assertThat(built.config()).isEqualTo(all.config());
        assertThat(LanceTableSource.of("/t").filter(col("a").gt(1)).options()).containsEntry("filter", "(a > 1)");
        refused(ErrorCode.OPTION_MISSING, () -> LanceTableSource.fromConfig(Map.of()));
        refused(ErrorCode.OPTION_MISSING, () -> LanceTableSource.of(""));
        refused(ErrorCode.OPTION_INVALID, () -> LanceTableSource.of("/t").batchSize(0));
        refused(ErrorCode.OPTION_INVALID, () -> LanceTableSource.of("/t").version(0));
        assertThat(refused(
                                ErrorCode.OPTION_UNKNOWN,
                                () -> LanceTableSource.fromConfig(Map.of("table_path", "/t", "colums", "a")))
                        .help())
                .startsWith("did you mean 'columns'?");
    }

    @Test
    void fileSource() {
        assertThat(FileSource.json("/a").config())
                .isEqualTo(Map.of(
                        "file_paths", List.of("/a"), "format", "json", "batch_size", 8192, "skip_on_error", false));
        assertThat(FileSource.fromConfig(Map.of("file_paths", List.of("/a", "/b")))
                        .connector())
                .isEqualTo("json");
        assertThat(FileSource.csv("/a").config())
                .containsEntry("delimiter", ",")
                .containsEntry("header", true);
        assertThat(FileSource.parquet("/a").config()).containsOnlyKeys("file_paths", "format", "batch_size");
        assertThat(FileSource.json("/a")
                        .batchSize(5)
                        .columns("x")
                        .skipOnError(true)
                        .config())
                .containsEntry("batch_size", 5)
                .containsEntry("columns", List.of("x"))
                .containsEntry("skip_on_error", true);
        refused(ErrorCode.OPTION_MISSING, () -> FileSource.json());
        refused(ErrorCode.OPTION_MISSING, () -> FileSource.fromConfig(Map.of("format", "csv")));
        refused(ErrorCode.OPTION_UNKNOWN, () -> FileSource.parquet("/a").skipOnError(true));
        refused(
                ErrorCode.OPTION_INVALID,
                () -> FileSource.fromConfig(Map.of("file_paths", "/a", "format", "csv", "delimiter", ";;")));
        assertThat(refused(
                                ErrorCode.OPTION_INVALID,
                                () -> FileSource.fromConfig(Map.of("file_paths", "/a", "format", "parkuet")))
                        .help())
                .startsWith("did you mean 'parquet'?");
    }

    @Test
    void fileSink() {
        assertThat(FileSink.json("/o").config())
                .isEqualTo(Map.of("output_path", "/o", "format", "json", "buffer_size", 1000, "mode", "overwrite"));
        assertThat(FileSink.fromConfig(Map.of("output_path", "/o")).connector()).isEqualTo("json");
        assertThat(FileSink.csv("/o").config()).containsEntry("delimiter", ",");
        assertThat(FileSink.parquet("/o").compression("zstd").config()).containsEntry("compression", "zstd");
        assertThat(FileSink.fromConfig(Map.of("output_path", "/o", "batch_size", 7))
                        .config())
                .as("batch_size means buffer_size")
                .containsEntry("buffer_size", 7)
                .doesNotContainKey("batch_size");
        assertThat(FileSink.json("/o").bufferSize(9).mode("fail").config())
                .containsEntry("buffer_size", 9)
                .containsEntry("mode", "fail");
        refused(ErrorCode.OPTION_MISSING, () -> FileSink.fromConfig(Map.of()));
        refused(ErrorCode.OPTION_INVALID, () -> FileSink.json("/o").bufferSize(0));
        refused(ErrorCode.OPTION_INVALID, () -> FileSink.json("/o").mode("append"));
        refused(ErrorCode.OPTION_UNKNOWN, () -> FileSink.json("/o").compression("zstd"));
    }

    @Test
    void lanceSink() {
        assertThat(LanceSink.of("/t").config())
                .isEqualTo(Map.of("table_path", "/t", "mode", "append", "buffer_size", 1000));
        assertThat(LanceSink.fromConfig(Map.of("table_path", "/t", "batch_size", 7, "mode", "overwrite"))
                        .config())
                .isEqualTo(Map.of("table_path", "/t", "mode", "overwrite", "buffer_size", 7));
        refused(ErrorCode.OPTION_MISSING, () -> LanceSink.fromConfig(Map.of("mode", "append")));
        refused(ErrorCode.OPTION_INVALID, () -> LanceSink.of("/t").mode("replace"));
        refused(ErrorCode.OPTION_INVALID, () -> LanceSink.of("/t").bufferSize(-1));
    }

    @Test
    void printSinkAndGenerator() {
        assertThat(PrintSink.create().options()).isEqualTo(Map.of("limit", "0"));
        assertThat(GeneratorSource.numbers(5, 9).rows()).isEqualTo(5);
        assertThat(GeneratorSource.numbers(9, 5).rows()).isZero();
        refused(ErrorCode.OPTION_INVALID, () -> GeneratorSource.mockEvents(-1));
        refused(ErrorCode.OPTION_INVALID, () -> GeneratorSource.mockEvents(1).splits(0));
        refused(ErrorCode.OPTION_INVALID, () -> GeneratorSource.mockEvents(1).rowsPerSecond(-1));
    }
}
