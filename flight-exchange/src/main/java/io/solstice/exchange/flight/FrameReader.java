package io.solstice.exchange.flight;

import io.grpc.HasByteBuffer;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageMetadataResult;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Makes Flight messages into elements again, and proves that none is missing. Used by the receiving task's thread. */
final class FrameReader {
    private static final int CHUNK = 64 * 1024;

    private final BufferAllocator memory;
    private @Nullable Schema schema;
    private long expected;

    FrameReader(BufferAllocator memory) {
        this.memory = memory;
    }

    /** The element, or null if the message only prepares later ones. The frame has been used up, also on failure. */
    @Nullable
    StreamElement read(IncomingFrame frame) throws IOException {
        try (frame) {
            FrameMeta meta = frame.meta();
            if (meta.sequence() != expected) {
                throw new MalformedFrame("message " + meta.sequence() + " came where " + expected + " was due");
            }
            expected++;
            CRC32C sum = meta.sum();
            sum.update(frame.ticket());
            sum.update(frame.header());
            if (meta.kind() == FrameMeta.Kind.BATCH) {
                return batch(frame, sum);
            }
            check(meta, sum);
            return switch (meta.kind()) {
                case OPEN -> null;
                case SCHEMA -> {
                    schema = MessageSerializer.deserializeSchema(ipc(frame.header()));
                    yield null;
                }
                case WATERMARK -> new Watermark(meta.value());
                case IDLE -> Idle.INSTANCE;
                case BARRIER -> new Barrier(meta.value(), base(frame.header()));
                case END -> EndOfInput.INSTANCE;
                case BATCH, CREDIT, RESUMED -> throw new MalformedFrame("a " + meta.kind() + " from a sender");
            };
        }
    }

    private static long base(byte[] header) throws MalformedFrame {
        if (header.length != Long.BYTES) {
            throw new MalformedFrame("a barrier with a header of " + header.length + " bytes");
        }
        return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    static void check(FrameMeta meta, CRC32C sum) throws MalformedFrame {
        if ((int) sum.getValue() != meta.checksum()) {
            throw new MalformedFrame("message " + meta.sequence() + " has the checksum "
                    + Integer.toHexString((int) sum.getValue()) + ", but was sent with "
                    + Integer.toHexString(meta.checksum()));
        }
    }

    private Batch batch(IncomingFrame frame, CRC32C sum) throws IOException {
        Schema rowSchema = schema;
        if (rowSchema == null) {
            throw new MalformedFrame("a batch came before its schema");
        }
        try (ArrowBuf body = memory.buffer(frame.bodyBytes())) {
            move(frame.body(), body.nioBuffer(0, frame.bodyBytes()), sum);
            body.writerIndex(frame.bodyBytes());
            check(frame.meta(), sum);
            // Lets go of the body once; we do once more.
            body.getReferenceManager().retain();
            try (ArrowRecordBatch columns = MessageSerializer.deserializeRecordBatch(ipc(frame.header()), body)) {
                return loaded(rowSchema, columns);
            }
        }
    }

    private Batch loaded(Schema rowSchema, ArrowRecordBatch columns) {
        List<FieldVector> vectors = new ArrayList<>(rowSchema.getFields().size());
        try {
            for (Field field : rowSchema.getFields()) {
                vectors.add(field.createVector(memory));
            }
            VectorSchemaRoot root = new VectorSchemaRoot(rowSchema, vectors, 0);
            new VectorLoader(root).load(columns);
            return Batch.of(rowSchema, vectors, root.getRowCount());
        } catch (RuntimeException | Error failure) {
            vectors.forEach(FieldVector::close);
            throw failure;
        }
    }

    private static MessageMetadataResult ipc(byte[] header) {
        return MessageMetadataResult.create(ByteBuffer.wrap(header), header.length);
    }

    /** From the network's memory into Arrow's: the only copy on this side, and summed while it is in the cache. */
    private static void move(InputStream from, ByteBuffer to, CRC32C sum) throws IOException {
        if (from instanceof HasByteBuffer network && network.byteBufferSupported()) {
            while (to.hasRemaining()) {
                ByteBuffer part = network.getByteBuffer();
                int length = part == null ? 0 : Math.min(part.remaining(), CHUNK);
                if (part == null || length == 0) {
                    throw new EOFException(to.remaining() + " bytes are missing");
                }
                part.limit(part.position() + length);
                sum.update(part.duplicate());
                to.put(part);
                from.skipNBytes(length);
            }
            return;
        }
        byte[] rest = from.readNBytes(to.remaining());
        sum.update(rest);
        to.put(rest);
    }
}
