package io.solstice.e2e;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.Job;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.source.LanceTableSource;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a table of the given number of rows (40 bytes each) and streams it through a job into a Parquet file, in
 * whatever heap this process has. Prints its highest resident memory in MiB.
 */
public final class BigTable {
    private BigTable() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long rows = Long.parseLong(arguments[1]);
        String table = folder.resolve("big.lance").toString();
        try (Solstice solstice = Solstice.embedded()) {
            solstice.submit(new Job("fill")
                            .addStage(Stage.of(
                                    "numbers", GeneratorSource.numbers(1, rows).splits(8)))
                            .addStage(
                                    Stage.of(
                                            "columns",
                                            MapOperator.withColumns(
                                                    col("number").modulo(1000).as("a"),
                                                    col("number").times(3).as("b"),
                                                    col("number").dividedBy(7).as("c"),
                                                    col("number").minus(rows).as("d"))),
                                    "numbers")
                            .addStage(Stage.of("table", LanceSink.of(table)), "columns"))
                    .await();
            solstice.submit(new Job("stream")
                            .addStage(
                                    Stage.of("table", LanceTableSource.of(table).batchSize(8192))
                                            .parallelism(2))
                            .addStage(
                                    Stage.of("most", FilterOperator.where(col("a").ge(10)))
                                            .parallelism(2),
                                    "table")
                            .addStage(
                                    Stage.of(
                                            "file",
                                            FileSink.parquet(folder.resolve("out.parquet")
                                                    .toString())),
                                    "most"))
                    .await();
        }
        System.out.println(peakMebibytes());
    }

    private static long peakMebibytes() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(-1);
    }
}
