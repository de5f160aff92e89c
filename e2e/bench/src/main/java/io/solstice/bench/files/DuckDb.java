package io.solstice.bench.files;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;

/**
 * A DuckDB in memory with as many threads as the tasks that it is compared with. It need not keep the order of rows.
 */
final class DuckDb implements AutoCloseable {
    private static final long ARROW_ROWS = 8192;

    /** What rows that come as Arrow are called in a statement. */
    static final String ROWS = "arrow_rows";

    private final DuckDBConnection connection;

    DuckDb(int threads) throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
        run("SET threads = " + threads);
        run("SET preserve_insertion_order = false");
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a statement that reads the rows under the name {@link #ROWS}, and closes the reader. */
    void runOn(ArrowReader reader, String sql, BufferAllocator allocator) throws SQLException {
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
            Data.exportArrayStream(allocator, reader, stream);
            connection.registerArrowStream(ROWS, stream);
            run(sql);
        }
    }

    FileChecksum checksum(ArrowReader reader, BufferAllocator allocator) throws SQLException {
        runOn(reader, "CREATE TEMP TABLE found AS SELECT * FROM " + ROWS, allocator);
        return checksum("found");
    }

    FileChecksum checksum(String from) throws SQLException {
        String sums = "SELECT count(*), coalesce(sum(key), 0)::BIGINT, "
                + "coalesce(sum(round(value * 1000)::BIGINT), 0)::BIGINT, "
                + "coalesce(sum(category + length(name)), 0)::BIGINT FROM " + from;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sums)) {
            row.next();
            return new FileChecksum(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }

    /** Hands the rows of a query to {@code use} as Arrow. */
    void query(String sql, BufferAllocator allocator, ArrowConsumer use) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql);
                ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
            Object reader = result.unwrap(DuckDBResultSet.class).arrowExportStream(allocator, ARROW_ROWS);
            Data.exportArrayStream(allocator, (ArrowReader) reader, stream);
            use.accept(stream);
        }
    }

    /** Takes over what the stream holds. */
    interface ArrowConsumer {
        void accept(ArrowArrayStream rows) throws Exception;
    }

    static String parquet(Path fileOrDirectory) {
        return "read_parquet('" + fileOrDirectory + "')";
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
