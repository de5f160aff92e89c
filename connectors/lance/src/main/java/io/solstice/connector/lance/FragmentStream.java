package io.solstice.connector.lance;

import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.BatchQueue;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.lance.Fragment;
import org.lance.FragmentMetadata;
import org.lance.WriteParams;

/**
 * Rows on their way into data files that no table version refers to yet. Lance pulls rows while the engine pushes them,
 * so the call into Lance has a thread of its own, which lives from the first batch to {@link #finish} or
 * {@link #abandon}.
 */
final class FragmentStream {
    /** Bytes waiting for Lance, beside what Lance itself holds: one page for each column. */
    private static final long QUEUE_BYTES = 16L << 20;
    /** Bytes of a data file before the next one, and with it the next fragment, is begun. */
    private static final long FILE_BYTES = 1L << 30;

    private static final long RELEASE_SECONDS = 30;

    private final TableLocation location;
    private final BatchQueue queue = new BatchQueue(QUEUE_BYTES);
    private final Thread thread;
    private List<FragmentMetadata> written = List.of();
    private @Nullable Throwable failure;

    private FragmentStream(
            String name, TableLocation location, Schema schema, WriteParams how, BufferAllocator memory) {
        this.location = location;
        this.thread = new Thread(() -> run(schema, how, memory), name);
        this.thread.setDaemon(true);
    }

    static FragmentStream start(String name, Target target, Schema schema, BufferAllocator memory) {
        WriteParams how = new WriteParams.Builder()
                .withMode(target.appends() ? WriteParams.WriteMode.APPEND : WriteParams.WriteMode.OVERWRITE)
                .withDataStorageVersion(target.fileFormat(schema))
                .withMaxBytesPerFile(FILE_BYTES)
                .build();
        FragmentStream stream = new FragmentStream(name, target.location(), schema, how, memory);
        stream.thread.start();
        return stream;
    }

    private void run(Schema schema, WriteParams how, BufferAllocator memory) {
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(memory)) {
            QueuedRows rows = new QueuedRows(queue, schema, memory);
            Data.exportArrayStream(memory, rows, stream);
            try {
                written = Fragment.write()
                        .datasetUri(location.uri())
                        .data(stream)
                        .writeParams(how)
                        .execute();
            } finally {
                // Does nothing where Lance took the stream; where it failed before that, the rows are still ours.
                stream.release();
                if (!rows.awaitClosed(RELEASE_SECONDS)) {
                    throw new IllegalStateException("Lance still holds the rows that it has written");
                }
            }
        } catch (Throwable failed) {
            failure = failed;
        } finally {
            queue.abandon();
        }
    }

    /** Takes the batch over. A failure to write the earlier ones shows here. */
    void put(Batch batch) throws Exception {
        if (!queue.put(batch)) {
            thread.join();
            throw failed();
        }
    }

    /** Ends the rows and waits until all are in files. */
    List<FragmentMetadata> finish() throws Exception {
        queue.end();
        thread.join();
        if (failure != null) {
            throw failed();
        }
        return written;
    }

    /** Drops what waits and ends the writing. Returns the files that were made, which are the caller's to delete. */
    List<FragmentMetadata> abandon() {
        queue.abandon();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException waitsOn) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return written;
    }

    private Exception failed() {
        Throwable cause = failure == null ? new IllegalStateException("the writing ended early") : failure;
        return LanceFailure.of(
                ErrorCode.IO_FAILED,
                "rows cannot be written to the Lance table " + location.path(),
                location.option(),
                cause);
    }
}
