package io.solstice.connector.parquet;

import io.solstice.api.source.SourceReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/**
 * Streams the result of one query. DuckDB decodes on the calling thread, a batch at a time; the vectors are its own
 * memory, freed when the batch is.
 */
final class ParquetReader implements SourceReader {
    private final DuckDBConnection connection;
    private final Statement statement;
    private final ResultSet result;
    private final ArrowReader stream;
    private final VectorSchemaRoot labelled;
    private final Path file;
    private final BufferAllocator allocator;

    private ParquetReader(
            DuckDBConnection connection,
            Statement statement,
            ResultSet result,
            ArrowReader stream,
            Schema wanted,
            Path file,
            BufferAllocator allocator) {
        this.connection = connection;
        this.statement = statement;
        this.result = result;
        this.stream = stream;
        this.labelled = VectorSchemaRoot.create(wanted, allocator);
        this.file = file;
        this.allocator = allocator;
    }

    /** Takes the connection over, also where it fails. */
    static ParquetReader open(
            DuckDBConnection connection, String sql, Schema wanted, int batchRows, Path file, BufferAllocator allocator)
            throws SQLException {
        try {
            Statement statement = connection.createStatement();
            ResultSet result = statement.executeQuery(sql);
            ArrowReader stream =
                    (ArrowReader) result.unwrap(DuckDBResultSet.class).arrowExportStream(allocator, batchRows);
            return new ParquetReader(connection, statement, result, stream, wanted, file, allocator);
        } catch (SQLException | RuntimeException | LinkageError failure) {
            connection.close();
            throw DuckDatabase.error(failure, ErrorCode.SOURCE_FORMAT, file.toString());
        }
    }

    @Override
    public @Nullable Batch read() {
        try {
            while (stream.loadNextBatch()) {
                VectorSchemaRoot delivered = stream.getVectorSchemaRoot();
                if (delivered.getRowCount() > 0) {
                    return relabel(delivered);
                }
            }
            return null;
        } catch (IOException | RuntimeException failure) {
            throw DuckDatabase.error(failure, ErrorCode.SOURCE_FORMAT, file.toString());
        }
    }

    /** The same buffers under the wanted schema, whose names, zones and labels DuckDB does not know. */
    private Batch relabel(VectorSchemaRoot delivered) {
        try (ArrowRecordBatch buffers = new VectorUnloader(delivered).getRecordBatch()) {
            new VectorLoader(labelled).load(buffers);
        }
        delivered.clear();
        return Batch.transferFrom(labelled, allocator);
    }

    @Override
    public void close() throws SQLException, IOException {
        labelled.close();
        try {
            stream.close();
        } finally {
            result.close();
            statement.close();
            connection.close();
        }
    }
}
