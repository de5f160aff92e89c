package io.solstice.spi;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * One operator's state as an Arrow IPC file of one row, which any Arrow library reads: a column {@code checkpoint} with
 * what the operator's {@code checkpoint} gave and a column {@code values} with what it kept with {@code setState}, each a
 * struct, and absent if it is empty. The schema's metadata say whose state it is. Values come back by name.
 */
public final class StateFormat {
    private static final String VERSION = "1";
    private static final String CHECKPOINT = "checkpoint";
    private static final String VALUES = "values";

    private StateFormat() {}

    /** What an operator's state consists of. */
    public record State(Row checkpoint, Row values) {}

    /**
     * Whose state it is.
     *
     * @param parallelism how many tasks the stage had
     * @param operator the name of its class
     */
    public record Origin(String stage, int taskIndex, int parallelism, String operator) {}

    /** A state that was read back. */
    public record Found(State state, Origin origin) {}

    public static byte[] write(State state, Origin origin, BufferAllocator allocator) {
        Map<String, String> metadata = Map.of(
                "solstice.state", VERSION,
                "solstice.stage", origin.stage(),
                "solstice.task", Integer.toString(origin.taskIndex()),
                "solstice.parallelism", Integer.toString(origin.parallelism()),
                "solstice.operator", origin.operator());
        List<Field> fields = new ArrayList<>();
        Row row = Row.EMPTY;
        for (String part : List.of(CHECKPOINT, VALUES)) {
            Row values = part.equals(CHECKPOINT) ? state.checkpoint() : state.values();
            if (!values.names().isEmpty()) {
                fields.add(StateTypes.fieldOf(part, values));
                row = row.with(part, values);
            }
        }
        try (Batch batch = new RowWriter(new Schema(fields, metadata)).write(List.of(row), allocator)) {
            StateBytes counted = StateBytes.toCount();
            write(batch, counted);
            StateBytes bytes = StateBytes.ofLength(counted.length());
            write(batch, bytes);
            return bytes.array();
        } catch (IOException impossible) {
            throw new IllegalStateException("an array takes what is written to it", impossible);
        }
    }

    private static void write(Batch batch, StateBytes bytes) throws IOException {
        try (ArrowFileWriter file = new ArrowFileWriter(batch.asRoot(), null, bytes)) {
            file.writeBatch();
            file.end();
        }
    }

    /** @param key for messages */
    public static Found read(String key, byte[] content, BufferAllocator allocator) {
        try (ArrowFileReader file = new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(content), allocator)) {
            VectorSchemaRoot root = file.getVectorSchemaRoot();
            Map<String, String> metadata = root.getSchema().getCustomMetadata();
            if (!VERSION.equals(metadata.get("solstice.state")) || !file.loadNextBatch() || root.getRowCount() != 1) {
                throw unreadable(
                        key, "found version " + metadata.get("solstice.state") + ", expected " + VERSION, null);
            }
            try (Batch batch = Batch.transferFrom(root, allocator)) {
                Row row = new RowReader(batch).row(0);
                return new Found(new State(part(row, CHECKPOINT), part(row, VALUES)), origin(metadata));
            }
        } catch (IOException | IllegalArgumentException malformed) {
            throw unreadable(key, malformed.toString(), malformed);
        }
    }

    private static Row part(Row row, String name) {
        return row.has(name) ? row.getRow(name) : Row.EMPTY;
    }

    private static Origin origin(Map<String, String> metadata) {
        return new Origin(
                metadata.getOrDefault("solstice.stage", ""),
                Integer.parseInt(metadata.getOrDefault("solstice.task", "0")),
                Integer.parseInt(metadata.getOrDefault("solstice.parallelism", "0")),
                metadata.getOrDefault("solstice.operator", ""));
    }

    private static RuntimeException unreadable(String key, String cause, @Nullable Throwable beneath) {
        return ErrorCode.STATE_UNFIT
                .error("the state in object '" + key + "' cannot be read")
                .where(key)
                .cause(cause)
                .help("restore with the release that wrote it, or from another checkpoint")
                .toException(beneath);
    }
}
