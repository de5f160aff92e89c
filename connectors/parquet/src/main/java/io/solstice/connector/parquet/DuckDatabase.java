package io.solstice.connector.parquet;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/**
 * A DuckDB in memory that serves one task: few threads, since tasks run in parallel themselves, limited memory, and
 * nothing spilled to disk or fetched from the network. Closing it ends its threads.
 */
final class DuckDatabase implements AutoCloseable {
    static final String NIO_FLAG = "--add-opens=java.base/java.nio=ALL-UNNAMED";
    private static final String MEMORY_LIMIT = "512MB";

    private final DuckDBConnection connection;

    private DuckDatabase(DuckDBConnection connection) {
        this.connection = connection;
    }

    /** @param threads how many threads it computes with, the calling one included */
    static DuckDatabase open(int threads) {
        Properties settings = new Properties();
        settings.setProperty("jdbc_stream_results", "true");
        settings.setProperty("threads", Integer.toString(threads));
        settings.setProperty("memory_limit", MEMORY_LIMIT);
        settings.setProperty("temp_directory", "");
        settings.setProperty("autoinstall_known_extensions", "false");
        try {
            Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings);
            DuckDatabase database = new DuckDatabase(connection.unwrap(DuckDBConnection.class));
            database.execute("SET TimeZone = 'UTC'");
            database.execute("SET parquet_metadata_cache = true");
            return database;
        } catch (SQLException | LinkageError failure) {
            throw nativeLibrary(failure);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One more connection to the same database, closed by the caller. */
    DuckDBConnection connect() throws SQLException {
        return connection.duplicate().unwrap(DuckDBConnection.class);
    }

    static SolsticeException nativeLibrary(Throwable failure) {
        return ErrorCode.NATIVE_LIBRARY
                .error("DuckDB, which reads and writes Parquet, cannot be used here")
                .cause(failure.getClass().getSimpleName() + ": " + failure.getMessage())
                .help("start Java with " + NIO_FLAG
                        + ", and check that the platform is one that DuckDB's driver has a library for and that the"
                        + " directory for temporary files is writable")
                .toException(failure);
    }

    /**
     * What a failure under DuckDB means.
     *
     * @param otherwise the code where the message tells nothing more special
     * @param file the file being read or written
     */
    static SolsticeException error(Throwable failure, ErrorCode otherwise, String file) {
        SolsticeException known = SolsticeException.of(failure);
        if (known.code() != ErrorCode.INTERNAL) {
            return known;
        }
        Throwable root = rootOf(failure);
        String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        if (root instanceof LinkageError || message.contains("java.nio.DirectByteBuffer")) {
            return nativeLibrary(root);
        }
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("out of memory") || lower.contains("could not allocate")) {
            return ErrorCode.MEMORY_LIMIT
                    .error("DuckDB needs more than " + MEMORY_LIMIT + " for '" + file + "'")
                    .where(file)
                    .cause(message)
                    .help("write smaller row groups, or read fewer columns")
                    .toException(failure);
        }
        String what = otherwise == ErrorCode.SOURCE_FORMAT
                ? "'" + file + "' cannot be read as Parquet"
                : "Parquet cannot be written to '" + file + "'";
        return otherwise
                .error(what)
                .where(file)
                .cause(message)
                .help(otherwise == ErrorCode.SOURCE_FORMAT ? "is it another format, or was it cut off?" : "")
                .toException(failure);
    }

    /** DuckDB's driver wraps what Arrow throws. */
    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** A text in SQL. */
    static String quote(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A name in SQL. */
    static String quoteName(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** The table function that reads exactly this file, whatever characters its path has. */
    static String scan(String file) {
        String literal = file.replaceAll("([\\[*?])", "[$1]");
        return "read_parquet(" + quote(literal) + ", hive_partitioning = false)";
    }

    static String scanMetadata(String function, String file) {
        return function + "(" + quote(file.replaceAll("([\\[*?])", "[$1]")) + ")";
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
