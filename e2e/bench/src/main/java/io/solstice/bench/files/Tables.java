package io.solstice.bench.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.memory.BufferAllocator;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;

/** The input, as a Parquet file and as a Lance table of a million rows a fragment, and a place for results. */
final class Tables implements AutoCloseable {
    private static final int ROWS_PER_FRAGMENT = 1_000_000;

    private final Path directory;

    private Tables(Path directory) {
        this.directory = directory;
    }

    static Tables make(long rows, BufferAllocator allocator) throws Exception {
        Tables tables = new Tables(Files.createTempDirectory("solstice-bench"));
        try (DuckDb duck = new DuckDb(2)) {
            duck.run("COPY (SELECT i AS key, (hash(i) % 1000000)::DOUBLE / 100 AS value, "
                    + "(hash(i + 1) % 1000)::INTEGER AS category, 'name-' || (hash(i + 2) % 100000) AS name "
                    + "FROM range(0, " + rows + ") numbers(i)) TO '" + tables.parquet() + "' (FORMAT parquet)");
            duck.query(
                    "SELECT * FROM " + DuckDb.parquet(tables.parquet()),
                    allocator,
                    stream -> writeLance(stream, tables.lance(), allocator));
        }
        return tables;
    }

    Path parquet() {
        return directory.resolve("input.parquet");
    }

    Path lance() {
        return directory.resolve("input.lance");
    }

    /** A path where nothing is. */
    Path free(String name) {
        Path path = directory.resolve(name);
        delete(path);
        return path;
    }

    /** What a statement reads to see all Parquet files of a result. */
    static String results(Path path) {
        return DuckDb.parquet(Files.isDirectory(path) ? path.resolve("*.parquet") : path);
    }

    static void writeLance(ArrowArrayStream rows, Path table, BufferAllocator allocator) {
        Dataset.write().allocator(allocator).stream(rows)
                .uri(table.toString())
                .maxRowsPerFile(ROWS_PER_FRAGMENT)
                .execute()
                .close();
    }

    static Dataset openLance(Path table, BufferAllocator allocator) {
        return Dataset.open().allocator(allocator).uri(table.toString()).build();
    }

    static FileChecksum lanceChecksum(Path table, BufferAllocator allocator) throws Exception {
        try (DuckDb duck = new DuckDb(2);
                Dataset dataset = openLance(table, allocator);
                LanceScanner scanner = dataset.newScan()) {
            return duck.checksum(scanner.scanBatches(), allocator);
        }
    }

    @Override
    public void close() {
        delete(directory);
    }

    private static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(path)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remove " + path, failure);
        }
    }
}
