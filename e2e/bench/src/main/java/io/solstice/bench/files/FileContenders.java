package io.solstice.bench.files;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.Job;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.config.StageDefinition;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.source.FileSource;
import io.solstice.api.source.LanceTableSource;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/**
 * Half of the rows, with one column computed, from one format to another. What each system wrote is read back after the
 * watch has stopped, and must be what DuckDB makes of the input.
 */
public final class FileContenders implements AutoCloseable {
    private static final int PARALLELISM = 2;
    private static final int BATCH_ROWS = 8192;
    private static final String CONDITION = "category < 500";
    private static final String COLUMNS = "key, value * 0.908 AS value, category, name";

    private final BufferAllocator allocator = new RootAllocator();
    private final Solstice engine = Solstice.embedded();
    private final long rows;
    private final Tables tables;
    private final FileChecksum changed;
    private final FileChecksum whole;

    public FileContenders(long rows) throws Exception {
        this.rows = rows;
        this.tables = Tables.make(rows, allocator);
        try (DuckDb duck = new DuckDb(PARALLELISM)) {
            whole = duck.checksum(DuckDb.parquet(tables.parquet()));
            changed = duck.checksum("(" + changedRows() + ")");
        }
    }

    public List<Contender> all() {
        return List.of(
                contender("solstice", "parquet-parquet", this::parquetToParquet),
                contender("duckdb", "parquet-parquet", this::duckToParquet),
                contender("solstice", "lance-parquet", this::lanceToParquet),
                contender("limit", "lance-parquet", this::lanceToParquetByHand),
                contender("solstice", "parquet-lance", this::parquetToLance),
                contender("limit", "parquet-lance", this::parquetToLanceByHand));
    }

    private Contender contender(String system, String query, Contender.Work work) {
        String variant = system.equals("limit") ? "lance-core" : system.equals("duckdb") ? "sql" : "expr";
        return new Contender(system, query, variant, PARALLELISM, rows, work);
    }

    private String changedRows() {
        return "SELECT " + COLUMNS + " FROM " + DuckDb.parquet(tables.parquet()) + " WHERE " + CONDITION;
    }

    private void parquetToParquet(Meter meter) throws Exception {
        Path result = tables.free("solstice-parquet");
        Job job = new Job("parquet-parquet")
                .addStage(stage("read", FileSource.parquet(tables.parquet().toString())))
                .addStage(stage("keep", FilterOperator.where(col("category").lt(500))), "read")
                .addStage(
                        stage(
                                "change",
                                MapOperator.withColumns(
                                        col("value").times(0.908).as("value"))),
                        "keep")
                .addStage(stage("write", FileSink.parquet(result.toString())), "change");
        run(job, meter);
        checkParquet(changed, result);
    }

    private void duckToParquet(Meter meter) throws Exception {
        Path result = tables.free("duck.parquet");
        try (DuckDb duck = new DuckDb(PARALLELISM)) {
            meter.begin();
            duck.run("COPY (" + changedRows() + ") TO '" + result + "' (FORMAT parquet)");
            meter.end();
        }
        checkParquet(changed, result);
    }

    private void lanceToParquet(Meter meter) throws Exception {
        Path result = tables.free("solstice-from-lance");
        LanceTableSource source = LanceTableSource.of(tables.lance().toString()).batchSize(BATCH_ROWS);
        run(
                new Job("lance-parquet")
                        .addStage(stage("read", source))
                        .addStage(stage("write", FileSink.parquet(result.toString())), "read"),
                meter);
        checkParquet(whole, result);
    }

    private void lanceToParquetByHand(Meter meter) throws Exception {
        Path result = tables.free("hand.parquet");
        meter.begin();
        try (DuckDb duck = new DuckDb(PARALLELISM);
                Dataset dataset = Tables.openLance(tables.lance(), allocator);
                LanceScanner scanner = dataset.newScan(
                        new ScanOptions.Builder().batchSize(BATCH_ROWS).build())) {
            duck.runOn(
                    scanner.scanBatches(),
                    "COPY (SELECT * FROM " + DuckDb.ROWS + ") TO '" + result + "' (FORMAT parquet)",
                    allocator);
        }
        meter.end();
        checkParquet(whole, result);
    }

    private void parquetToLance(Meter meter) throws Exception {
        Path result = tables.free("solstice.lance");
        run(
                new Job("parquet-lance")
                        .addStage(stage(
                                "read", FileSource.parquet(tables.parquet().toString())))
                        .addStage(stage("write", LanceSink.of(result.toString()).bufferSize(BATCH_ROWS)), "read"),
                meter);
        check(whole, Tables.lanceChecksum(result, allocator));
    }

    private void parquetToLanceByHand(Meter meter) throws Exception {
        Path result = tables.free("hand.lance");
        meter.begin();
        try (DuckDb duck = new DuckDb(PARALLELISM)) {
            duck.query(
                    "SELECT * FROM " + DuckDb.parquet(tables.parquet()),
                    allocator,
                    stream -> Tables.writeLance(stream, result, allocator));
        }
        meter.end();
        check(whole, Tables.lanceChecksum(result, allocator));
    }

    private static Stage stage(String id, StageDefinition definition) {
        return Stage.of(id, definition).parallelism(PARALLELISM);
    }

    private void run(Job job, Meter meter) throws InterruptedException {
        meter.begin();
        engine.submit(job).await();
        meter.end();
    }

    private static void checkParquet(FileChecksum expected, Path result) throws Exception {
        try (DuckDb duck = new DuckDb(PARALLELISM)) {
            check(expected, duck.checksum(Tables.results(result)));
        }
    }

    private static void check(FileChecksum expected, FileChecksum found) {
        if (!expected.equals(found)) {
            throw new IllegalStateException("wrong result: expected " + expected + ", found " + found);
        }
    }

    @Override
    public void close() {
        engine.close();
        tables.close();
        allocator.close();
    }
}
