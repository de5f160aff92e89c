package io.solstice.e2e;

import static io.solstice.api.expr.Expressions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solstice.api.Job;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.config.StageDefinition;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.testing.MemorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that fills up while a sink writes. Needs the right to mount a small file system; skipped without it. */
class DiskFullTest {

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv", "parquet", "lance"})
    void endsTheJobWithACodeAndGivesTheSpaceBack(String format, @TempDir Path folder) throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()), "mounting is not permitted");
        try (Solstice solstice = Solstice.embedded()) {
            Job job = new Job("full")
                    .addStage(Stage.of("in", GeneratorSource.numbers(1, 3_000_000)))
                    .addStage(
                            Stage.of(
                                    "wide",
                                    MapOperator.withColumns(col("number")
                                            .times(col("number").modulo(7919))
                                            .as("b"))),
                            "in")
                    .addStage(Stage.of("out", sink(format, disk.resolve("out." + format))), "wide");
            Throwable thrown = catchThrowable(() -> solstice.submit(job).await());
            assertThat(thrown).isInstanceOfSatisfying(SolsticeException.class, e -> {
                assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.DISK_FULL);
                assertThat(e.error().where()).contains("stage 'out'");
                assertThat(e.error().help()).contains("free space");
            });
            assertThat(disk.resolve("out." + format + "/part-00000." + format)).doesNotExist();
            try (Stream<Path> left = Files.walk(disk)) {
                assertThat(left.filter(Files::isRegularFile)).isEmpty();
            }
            MemorySink good = new MemorySink();
            solstice.submit(new Job("good")
                            .addStage(Stage.of("in", GeneratorSource.numbers(1, 10)))
                            .addStage(Stage.sink("out", good), "in"))
                    .await();
            assertThat(good.rows()).hasSize(10);
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static StageDefinition sink(String format, Path path) {
        return switch (format) {
            case "lance" -> LanceSink.of(path.toString());
            case "parquet" -> FileSink.parquet(path.toString());
            case "csv" -> FileSink.csv(path.toString());
            default -> FileSink.json(path.toString());
        };
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }
}
