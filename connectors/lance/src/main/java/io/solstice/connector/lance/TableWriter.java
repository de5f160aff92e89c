package io.solstice.connector.lance;

import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.fault.CrashPoint;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.VectorAppender;
import org.jspecify.annotations.Nullable;
import org.lance.FragmentMetadata;

/**
 * Writes the rows of one task into data files. Large batches go to Lance as they are, without a copy; small ones are
 * gathered first. Used by one thread; owns the gathered rows, the stream, and the files until they are sealed.
 */
final class TableWriter implements SinkWriter {
    /** Giving Lance a batch costs about 0.2 ms however small it is: it is worth a copy to give it fewer. */
    private static final int LARGE_ROWS = 8192;

    private static final long LARGE_BYTES = 1L << 20;

    private final SinkSettings settings;
    private final Target target;
    private final SinkContext context;
    private @Nullable Schema schema;
    private @Nullable Schema lastInput;
    private int[] origins = {};
    private boolean canGather = true;
    private @Nullable VectorSchemaRoot gathered;
    private long gatheredBytes;
    private @Nullable FragmentStream stream;
    private List<FragmentMetadata> unsealed = List.of();

    TableWriter(SinkSettings settings, Target target, SinkContext context) {
        this.settings = settings;
        this.target = target;
        this.context = context;
        this.schema = target.schema() == null ? context.inputSchema() : target.schema();
    }

    @Override
    public void write(Batch batch) throws Exception {
        Schema written = arrange(batch.schema());
        if (batch.rowCount() == 0) {
            return;
        }
        try (Batch arranged = batch.select(origins)) {
            refuseNulls(written, arranged);
            boolean large = isLarge(arranged.rowCount(), arranged.byteSize());
            if ((gathered == null && large) || !canGather) {
                stream(written).put(arranged.share());
                return;
            }
            gather(written, arranged);
        }
        if (gathered != null && isLarge(gathered.getRowCount(), gatheredBytes)) {
            flush(written);
        }
    }

    @Override
    public @Nullable String seal() throws Exception {
        Schema written = schema;
        if (written == null) {
            return null;
        }
        flush(written);
        CrashPoint.LANCE_BEFORE_SEAL.reach();
        if (stream != null) {
            FragmentStream finished = stream;
            stream = null;
            unsealed = finished.finish();
        }
        CrashPoint.LANCE_SEALED.reach();
        if (unsealed.isEmpty() && target.appends()) {
            return null;
        }
        String sealed = new SealedFragments(
                        context.epoch() == 1,
                        target.baseVersion(),
                        target.appends(),
                        target.fileFormat(written),
                        written,
                        unsealed)
                .toJson();
        unsealed = List.of();
        return sealed;
    }

    @Override
    public void close() throws Exception {
        if (gathered != null) {
            gathered.close();
            gathered = null;
        }
        if (stream != null) {
            unsealed = stream.abandon();
            stream = null;
        }
        if (!unsealed.isEmpty()) {
            DataFiles.delete(target.location(), unsealed);
            unsealed = List.of();
        }
    }

    /** Finds where each column of the table stands in rows of that schema, once for all batches that follow with it. */
    private Schema arrange(Schema input) {
        if (schema != null && input == lastInput) {
            return schema;
        }
        if (lastInput == null) {
            target.requireFits(input);
        }
        Schema expected = schema == null ? input : schema;
        String difference = TableSchema.difference(expected, input);
        if (difference != null) {
            throw ErrorCode.SCHEMA_CHANGED
                    .error("the rows changed their columns while they were written to "
                            + target.location().path())
                    .where("stage '" + context.stageId() + "', task " + context.taskIndex())
                    .cause(difference)
                    .help("give all rows the same columns before the sink")
                    .toException();
        }
        origins = TableSchema.origins(expected, input);
        // Arrow's appender fails on large lists.
        canGather = expected.getFields().stream().noneMatch(TableWriter::hasLargeList);
        schema = expected;
        lastInput = input;
        return expected;
    }

    private void refuseNulls(Schema written, Batch rows) {
        for (int i = 0; i < rows.columnCount(); i++) {
            if (!written.getFields().get(i).isNullable() && rows.column(i).getNullCount() > 0) {
                throw ErrorCode.NULL_VALUE
                        .error("the column '" + written.getFields().get(i).getName() + "' of "
                                + target.location().path() + " cannot hold nulls, and the rows have some")
                        .where("stage '" + context.stageId() + "', task " + context.taskIndex())
                        .help("filter them out, or give a value with orElse")
                        .toException();
            }
        }
    }

    private static boolean hasLargeList(Field field) {
        return field.getType() instanceof ArrowType.LargeList
                || field.getChildren().stream().anyMatch(TableWriter::hasLargeList);
    }

    private boolean isLarge(int rows, long bytes) {
        return rows >= settings.bufferRows() && (rows >= LARGE_ROWS || bytes >= LARGE_BYTES);
    }

    private void gather(Schema written, Batch rows) {
        if (gathered == null) {
            gathered = VectorSchemaRoot.create(written, context.allocator());
            gathered.allocateNew();
        }
        for (int i = 0; i < rows.columnCount(); i++) {
            FieldVector to = gathered.getVector(i);
            rows.column(i).accept(new VectorAppender(to), null);
        }
        gathered.setRowCount(gathered.getRowCount() + rows.rowCount());
        gatheredBytes += rows.byteSize();
    }

    private void flush(Schema written) throws Exception {
        if (gathered == null) {
            return;
        }
        try (VectorSchemaRoot taken = gathered) {
            gathered = null;
            gatheredBytes = 0;
            stream(written).put(Batch.transferFrom(taken, context.allocator()));
        }
    }

    private FragmentStream stream(Schema written) {
        if (stream == null) {
            String name = "lance-" + context.jobId() + "/" + context.stageId() + "/" + context.taskIndex();
            stream = FragmentStream.start(name, target, written, context.allocator());
        }
        return stream;
    }
}
