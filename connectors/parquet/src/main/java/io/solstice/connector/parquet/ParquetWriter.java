package io.solstice.connector.parquet;

import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.error.ErrorCode;
import io.solstice.connector.files.StagedFiles;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Writes one part. The writing starts with the first rows, or at the end if there are none but the columns are known.
 */
final class ParquetWriter implements SinkWriter {
    private final StagedFiles files;
    private final SinkContext context;
    private final String compression;
    private final Path part;
    private @Nullable Schema schema;
    private @Nullable CopyThread copy;
    private boolean sealed;

    ParquetWriter(StagedFiles files, SinkContext context, String compression) throws IOException {
        this.files = files;
        this.context = context;
        this.compression = compression;
        this.schema = context.inputSchema();
        this.part = files.stage(context);
    }

    @Override
    public void write(Batch batch) throws IOException, InterruptedException {
        if (batch.rowCount() == 0) {
            return;
        }
        CopyThread running = copy;
        if (running == null) {
            Schema known = schema == null ? batch.schema() : schema;
            schema = known;
            running = CopyThread.start(part, known, compression, batch.byteSize() / batch.rowCount(), context);
            copy = running;
        }
        Schema known = schema;
        if (known == null || !sameColumns(known, batch.schema())) {
            throw ErrorCode.SCHEMA_CHANGED
                    .error("the columns changed, which Parquet cannot follow")
                    .cause("found " + batch.schema() + ", expected " + known)
                    .help("write JSON, or give all rows the same columns")
                    .toException();
        }
        running.write(batch.share());
    }

    private static boolean sameColumns(Schema known, Schema found) {
        return known.equals(found) || sameFields(known.getFields(), found.getFields());
    }

    private static boolean sameFields(List<Field> known, List<Field> found) {
        if (known.size() != found.size()) {
            return false;
        }
        for (int i = 0; i < known.size(); i++) {
            Field one = known.get(i);
            Field other = found.get(i);
            if (!one.getName().equals(other.getName())
                    || !one.getType().equals(other.getType())
                    || !sameFields(one.getChildren(), other.getChildren())) {
                return false;
            }
        }
        return true;
    }

    /** Null, and no file, where neither rows nor columns ever came: a Parquet file has columns. */
    @Override
    public @Nullable String seal() throws IOException, InterruptedException {
        CopyThread running = copy;
        Schema known = schema;
        if (running == null) {
            if (known == null) {
                return null;
            }
            running = CopyThread.start(part, known, compression, 1, context);
            copy = running;
        }
        running.finish();
        String payload = files.seal(part, context);
        sealed = true;
        return payload;
    }

    @Override
    public void close() throws IOException {
        CopyThread running = copy;
        if (running != null) {
            running.cancel();
        }
        if (!sealed) {
            files.abandon(part);
        }
    }
}
