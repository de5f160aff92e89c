package io.solstice.connector.parquet;

import io.solstice.api.sink.SinkContext;
import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.BatchQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Statement;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Runs DuckDB's COPY from a queue into one file, on a thread of its own, since COPY pulls its rows. */
final class CopyThread {
    private static final long ROW_GROUP_BYTES = 64L << 20;
    static final long MOST_ROWS_A_GROUP = 122_880;
    private static final long FEWEST_ROWS_A_GROUP = 2048;

    private static final long QUEUE_BYTES = 16L << 20;

    private final BatchQueue queue = new BatchQueue(QUEUE_BYTES);
    private final Path file;
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    private CopyThread(Path file, String sql, Schema wire, int threads, BufferAllocator allocator) {
        this.file = file;
        this.thread = new Thread(() -> copy(sql, wire, threads, allocator), "solstice-parquet-" + file.getFileName());
        thread.setDaemon(true);
    }

    /** @param bytesPerRow an estimate, by which row groups get about the same size in memory */
    static CopyThread start(Path file, Schema schema, String compression, long bytesPerRow, SinkContext context)
            throws IOException {
        long rows =
                Math.max(FEWEST_ROWS_A_GROUP, Math.min(MOST_ROWS_A_GROUP, ROW_GROUP_BYTES / Math.max(1, bytesPerRow)));
        String sql = copy("SELECT * FROM rows", file, compression, rows, schema);
        // A lone writer may encode on two cores; several writers are parallel already.
        int threads =
                context.parallelism() == 1 ? Math.min(2, Runtime.getRuntime().availableProcessors()) : 1;
        CopyThread copy = new CopyThread(file, sql, SqlTypes.wire(schema), threads, context.allocator());
        copy.thread.start();
        return copy;
    }

    /** A COPY of the rows of a query into a new file. */
    static String copy(String query, Path file, String compression, long rowsAGroup, Schema schema) throws IOException {
        return "COPY (" + query + ") TO " + DuckDatabase.quote(file.toString())
                + " (FORMAT parquet, USE_TMP_FILE false, COMPRESSION " + compression + ", ROW_GROUP_SIZE " + rowsAGroup
                + ", KV_METADATA {" + DuckDatabase.quote(StoredSchema.KEY) + ": "
                + DuckDatabase.quote(StoredSchema.encode(schema)) + "})";
    }

    private void copy(String sql, Schema wire, int threads, BufferAllocator allocator) {
        try (DuckDatabase database = DuckDatabase.open(threads);
                DuckDBConnection connection = database.connect();
                ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator);
                Statement statement = connection.createStatement()) {
            Data.exportArrayStream(allocator, new QueuedRows(queue, wire, allocator), stream);
            connection.registerArrowStream("rows", stream);
            statement.execute(sql);
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            queue.abandon();
        }
    }

    /** Hands the batch over to be written. */
    void write(Batch batch) throws InterruptedException {
        if (!queue.put(batch)) {
            thread.join();
            throwFailure();
        }
    }

    /** Waits until all is in the file. */
    void finish() throws InterruptedException {
        queue.end();
        thread.join();
        throwFailure();
    }

    /** Ends the thread, whatever it is doing; when this returns it is gone. */
    void cancel() {
        queue.abandon();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() {
        Throwable thrown = failure;
        if (thrown != null) {
            throw DuckDatabase.error(thrown, ErrorCode.IO_FAILED, file.toString());
        }
    }
}
