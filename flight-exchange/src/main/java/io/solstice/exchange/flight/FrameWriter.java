package io.solstice.exchange.flight;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.flight.FrameMeta.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.apache.arrow.flight.impl.Flight.FlightData;
import org.apache.arrow.flight.impl.Flight.FlightDescriptor;
import org.apache.arrow.flight.impl.Flight.FlightDescriptor.DescriptorType;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Makes a channel's elements into numbered and summed Flight messages. Used by the sending task's thread. */
final class FrameWriter {
    private static final IpcOption IPC = IpcOption.DEFAULT;

    private final WireMemory memory;
    private @Nullable Schema schema;
    private long sequence;

    /** @param memory holds columns until they have been written */
    FrameWriter(WireMemory memory) {
        this.memory = memory;
    }

    /** A batch as a message, and what it costs of the receiver's credit. */
    record BatchFrame(OutgoingFrame frame, long bytes) {}

    OutgoingFrame open(byte[] ticket) {
        CRC32C sum = FrameMeta.sum(Kind.OPEN, sequence, 0);
        sum.update(ticket);
        FlightDescriptor descriptor = FlightDescriptor.newBuilder()
                .setType(DescriptorType.CMD)
                .setCmd(ByteString.copyFrom(ticket))
                .build();
        return small(meta(Kind.OPEN, 0, sum), FlightData.newBuilder().setFlightDescriptor(descriptor));
    }

    OutgoingFrame signal(Kind kind, long value) {
        return small(meta(kind, value, FrameMeta.sum(kind, sequence, value)), FlightData.newBuilder());
    }

    /** With the epoch of its base as a header of 8 bytes, little-endian. */
    OutgoingFrame barrier(Barrier barrier) {
        byte[] base = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(barrier.base())
                .array();
        CRC32C sum = FrameMeta.sum(Kind.BARRIER, sequence, barrier.epoch());
        sum.update(base);
        return small(
                meta(Kind.BARRIER, barrier.epoch(), sum),
                FlightData.newBuilder().setDataHeader(ByteString.copyFrom(base)));
    }

    /** What must be sent before a batch of this schema, or null if the last one had the same. */
    @Nullable
    OutgoingFrame schemaFor(Batch batch) {
        if (batch.schema() == schema || batch.schema().equals(schema)) {
            return null;
        }
        schema = batch.schema();
        ByteBuffer header = MessageSerializer.serializeMetadata(batch.schema(), IPC);
        CRC32C sum = FrameMeta.sum(Kind.SCHEMA, sequence, 0);
        sum.update(header.duplicate());
        return small(meta(Kind.SCHEMA, 0, sum), FlightData.newBuilder().setDataHeader(ByteString.copyFrom(header)));
    }

    /** Shares the batch's memory as far as it is dense; the batch stays the caller's. */
    BatchFrame batch(Batch batch) {
        try (DenseColumns dense = new DenseColumns(batch.asRoot());
                ArrowRecordBatch columns = new VectorUnloader(dense.root(), true, true).getRecordBatch()) {
            long bodyBytes = columns.computeBodyLength();
            ByteBuffer header = MessageSerializer.serializeMetadata(columns, IPC);
            long bytes = bodyBytes + header.remaining() + FrameMeta.BYTES;
            if (bytes > FlightTransport.MAX_MESSAGE_BYTES) {
                throw ErrorCode.RECORD_TOO_LARGE
                        .error("a batch of " + batch.rowCount() + " rows is too large to be sent")
                        .cause(bytes + " bytes, and at most " + FlightTransport.MAX_MESSAGE_BYTES + " can be")
                        .help("make smaller batches (batch_size)")
                        .toException();
            }
            ColumnBytes.Builder body = new ColumnBytes.Builder(columns.getBuffers(), memory);
            CRC32C sum = FrameMeta.sum(Kind.BATCH, sequence, 0);
            sum.update(header.duplicate());
            body.sum(sum);
            byte[] before = beforeBody(meta(Kind.BATCH, 0, sum), header, (int) bodyBytes);
            return new BatchFrame(new OutgoingFrame.Columns(body.build(before)), bytes);
        }
    }

    static OutgoingFrame credit(long bytes) {
        return answer(Kind.CREDIT, bytes);
    }

    /** See {@link io.solstice.exchange.channel.Channel#resume}. */
    static OutgoingFrame resumed(long watermark) {
        return answer(Kind.RESUMED, watermark);
    }

    private static OutgoingFrame answer(Kind kind, long value) {
        FrameMeta meta = new FrameMeta(
                kind, 0, value, (int) FrameMeta.sum(kind, 0, value).getValue());
        return small(meta, FlightData.newBuilder());
    }

    private FrameMeta meta(Kind kind, long value, CRC32C sum) {
        return new FrameMeta(kind, sequence++, value, (int) sum.getValue());
    }

    private static OutgoingFrame small(FrameMeta meta, FlightData.Builder data) {
        return new OutgoingFrame.Small(
                data.setAppMetadata(ByteString.copyFrom(meta.toBytes())).build().toByteArray());
    }

    /** A Flight data message up to and including the length of its body. */
    private static byte[] beforeBody(FrameMeta meta, ByteBuffer header, int bodyBytes) {
        ByteString headerBytes = ByteString.copyFrom(header);
        ByteString metaBytes = ByteString.copyFrom(meta.toBytes());
        int size = CodedOutputStream.computeBytesSize(FlightData.DATA_HEADER_FIELD_NUMBER, headerBytes)
                + CodedOutputStream.computeBytesSize(FlightData.APP_METADATA_FIELD_NUMBER, metaBytes)
                + CodedOutputStream.computeTagSize(FlightData.DATA_BODY_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(bodyBytes);
        byte[] bytes = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeBytes(FlightData.DATA_HEADER_FIELD_NUMBER, headerBytes);
            out.writeBytes(FlightData.APP_METADATA_FIELD_NUMBER, metaBytes);
            out.writeUInt32NoTag(IncomingFrame.BODY_TAG);
            out.writeUInt32NoTag(bodyBytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return bytes;
    }
}
