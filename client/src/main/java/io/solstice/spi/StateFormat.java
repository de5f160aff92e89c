package io.solstice.spi;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.store.ObjectStore;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.BufferChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageMetadataResult;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.OversizedAllocationException;
import org.jspecify.annotations.Nullable;

/**
 * One operator's state as an Arrow IPC file of one row, which any Arrow library reads: a column {@code checkpoint} with
 * what the operator's {@code checkpoint} gave and a column {@code values} with what it kept with {@code setState}, each a
 * struct, and absent if it is empty. The schema's metadata say whose state it is. Values come back by name. The tables of
 * a {@link Tabular} operator are such files too, with columns and rows of their own. Those of some size are compressed
 * with Zstandard, buffer by buffer, as Arrow has it, where its library is at hand and there is memory enough for it.
 */
public final class StateFormat {
    private static final String VERSION = "1";
    private static final String CHECKPOINT = "checkpoint";
    private static final String VALUES = "values";
    private static final String KIND = "solstice.kind";
    private static final String TASK = "solstice.task";
    private static final String ROW = "row";
    private static final String TABLE = "table";
    private static final int FILE_MARK_BYTES = 8;
    /** Smaller states are written as they are. */
    private static final long LEAST_COMPRESSED = 64 << 10;
    /** Larger ones too, since compressing takes as much memory again, and several are written at a time. */
    private static final long MOST_COMPRESSED = 16 << 20;
    /** So many times what it takes must be free. */
    private static final int ROOM = 16;
    /** Zstandard's fastest that still finds a text's frequent letters; what does not become smaller costs next to nothing. */
    private static final int LEVEL = 1;

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

    /**
     * A state that was read back.
     *
     * @param table null for what {@link #copy} wrote; else what {@link #copyTable} was given, which the caller closes,
     *     and the state is empty
     */
    public record Found(State state, @Nullable Batch table, Origin origin) {}

    /** A copy of a state, which {@link #write} takes, in any thread; whoever has it closes it. */
    public static Batch copy(State state, Origin origin, BufferAllocator allocator) {
        Map<String, String> metadata = metadata(origin, ROW);
        List<Field> fields = new ArrayList<>();
        Row row = Row.EMPTY;
        for (String part : List.of(CHECKPOINT, VALUES)) {
            Row values = part.equals(CHECKPOINT) ? state.checkpoint() : state.values();
            if (!values.names().isEmpty()) {
                fields.add(StateTypes.fieldOf(part, values));
                row = row.with(part, values);
            }
        }
        try {
            return new RowWriter(new Schema(fields, metadata)).write(List.of(row), allocator);
        } catch (OversizedAllocationException tooLarge) {
            throw ErrorCode.STATE_TOO_LARGE
                    .error("the state of one task is too large to be kept")
                    .cause("all values of one column have more than 2 GB: " + tooLarge.getMessage())
                    .help(
                            "give the stage more tasks, so that each has less, or let the operator forget what it does not"
                                    + " need any more")
                    .toException(tooLarge);
        }
    }

    /** A table of a {@link Tabular} operator, taken over, as {@link #write} takes it. */
    public static Batch copyTable(Batch table, Origin origin) {
        try (table) {
            Map<String, String> metadata = new LinkedHashMap<>(table.schema().getCustomMetadata());
            metadata.putAll(metadata(origin, TABLE));
            return table.renamed(new Schema(table.schema().getFields(), metadata));
        }
    }

    private static Map<String, String> metadata(Origin origin, String kind) {
        return Map.of(
                "solstice.state",
                VERSION,
                KIND,
                kind,
                "solstice.stage",
                origin.stage(),
                TASK,
                Integer.toString(origin.taskIndex()),
                "solstice.parallelism",
                Integer.toString(origin.parallelism()),
                "solstice.operator",
                origin.operator());
    }

    /** Whether it is a copy of a table. */
    public static boolean isTable(Batch copy) {
        return TABLE.equals(copy.schema().getCustomMetadata().get(KIND));
    }

    /** Whether it is a copy of a table that is divided by key if the number of tasks changes. */
    public static boolean isByKey(Batch copy) {
        String share = copy.schema().getCustomMetadata().getOrDefault(Tabular.SHARE, Tabular.WHOLE);
        return isTable(copy) && share.equals(Tabular.WHOLE);
    }

    /** Which task had a table. */
    public static int taskOf(Batch table) {
        return Integer.parseInt(table.schema().getCustomMetadata().getOrDefault(TASK, "0"));
    }

    /** Looked for when it is first needed, since it is a native library, which not every process has or can load. */
    private static final class Compression {
        static final CodecType FOUND = works() ? CodecType.ZSTD : CodecType.NO_COMPRESSION;

        private static boolean works() {
            try (BufferAllocator some = new RootAllocator();
                    ArrowBuf buffer = some.buffer(Long.BYTES)) {
                // Compressing takes the buffer over.
                buffer.getReferenceManager().retain();
                buffer.writeLong(0);
                CompressionCodec codec = CompressionCodec.Factory.INSTANCE.createCodec(CodecType.ZSTD, LEVEL);
                codec.compress(some, buffer).close();
                return true;
            } catch (RuntimeException | LinkageError missing) {
                return false;
            }
        }
    }

    /** Writes a {@link #copy}, which stays open, as does the stream. */
    public static void write(Batch copy, OutputStream out) throws IOException {
        CodecType codec = isCompressed(copy) ? Compression.FOUND : CodecType.NO_COMPRESSION;
        try (ArrowFileWriter file = new ArrowFileWriter(
                copy.asRoot(),
                null,
                new StreamChannel(out),
                Map.of(),
                IpcOption.DEFAULT,
                CompressionCodec.Factory.INSTANCE,
                codec,
                Optional.of(LEVEL))) {
            file.writeBatch();
            file.end();
        }
    }

    private static boolean isCompressed(Batch copy) {
        long bytes = copy.byteSize();
        if (bytes < LEAST_COMPRESSED || bytes > MOST_COMPRESSED) {
            return false;
        }
        BufferAllocator memory = copy.column(0).getAllocator().getRoot();
        return memory.getLimit() - memory.getAllocatedMemory() >= ROOM * bytes;
    }

    /**
     * Reads a state from its first byte to its last, so that a stream that verifies itself has done so. The stream stays
     * open.
     *
     * @param key for messages
     * @param bytes how long it is
     */
    public static Found read(String key, InputStream content, long bytes, BufferAllocator allocator)
            throws IOException {
        // All of it first: Arrow loses memory if a stream breaks while it is parsed.
        try (ArrowBuf whole = allocator.buffer(bytes)) {
            fill(whole, content, bytes);
            try {
                return parse(key, whole, allocator);
            } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException malformed) {
                throw unreadable(key, malformed.toString(), malformed);
            }
        }
    }

    private static void fill(ArrowBuf whole, InputStream content, long bytes) throws IOException {
        byte[] piece = new byte[ObjectStore.PIECE_BYTES];
        for (int count = content.read(piece); count >= 0; count = content.read(piece)) {
            if (whole.writerIndex() + count > bytes) {
                throw new IOException("it has more than " + bytes + " bytes");
            }
            whole.writeBytes(piece, 0, count);
        }
    }

    /**
     * An Arrow file is an Arrow stream between a mark and what is needed to read it out of order. The vectors lie in
     * what was read, unless they are compressed: a state may be a large part of the memory.
     */
    private static Found parse(String key, ArrowBuf whole, BufferAllocator allocator) throws IOException {
        ReadChannel content = new ReadChannel(new BufferChannel(whole, FILE_MARK_BYTES, whole.writerIndex()));
        Schema schema = MessageSerializer.deserializeSchema(content);
        Map<String, String> metadata = schema.getCustomMetadata();
        MessageMetadataResult message = MessageSerializer.readMessage(content);
        if (!VERSION.equals(metadata.get("solstice.state"))
                || message == null
                || message.getMessage().headerType() != MessageHeader.RecordBatch) {
            throw unreadable(key, "found version " + metadata.get("solstice.state") + ", expected " + VERSION, null);
        }
        RecordBatch header =
                (RecordBatch) Objects.requireNonNull(message.getMessage().header(new RecordBatch()));
        ArrowBuf body = whole.slice(FILE_MARK_BYTES + content.bytesRead(), message.getMessageBodyLength());
        body.getReferenceManager().retain();
        try (ArrowRecordBatch buffers = MessageSerializer.deserializeRecordBatch(header, body);
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
            new VectorLoader(root, CompressionCodec.Factory.INSTANCE).load(buffers);
            Batch batch = Batch.transferFrom(root, allocator);
            if (TABLE.equals(metadata.get(KIND))) {
                return new Found(new State(Row.EMPTY, Row.EMPTY), batch, origin(metadata));
            }
            try (batch) {
                Row row = new RowReader(batch).row(0);
                return new Found(new State(part(row, CHECKPOINT), part(row, VALUES)), null, origin(metadata));
            }
        }
    }

    private static Row part(Row row, String name) {
        return row.has(name) ? row.getRow(name) : Row.EMPTY;
    }

    private static Origin origin(Map<String, String> metadata) {
        return new Origin(
                metadata.getOrDefault("solstice.stage", ""),
                Integer.parseInt(metadata.getOrDefault(TASK, "0")),
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
