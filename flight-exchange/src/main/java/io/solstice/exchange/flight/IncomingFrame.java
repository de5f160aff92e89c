package io.solstice.exchange.flight;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.Detachable;
import io.solstice.exchange.flight.FrameMeta.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.arrow.flight.impl.Flight.FlightData;
import org.apache.arrow.flight.impl.Flight.FlightDescriptor;

/**
 * One Flight data message as it came. Its body still lies in the network's memory and is moved into the receiving
 * task's when that task takes it, on the task's thread. Whoever has a frame reads its body or closes it.
 *
 * @param ticket what the descriptor carries; empty in all messages but the first
 * @param header the Arrow IPC message; empty for signals
 */
record IncomingFrame(FrameMeta meta, byte[] ticket, byte[] header, InputStream body, int bodyBytes)
        implements AutoCloseable {
    static final int BODY_TAG = tag(FlightData.DATA_BODY_FIELD_NUMBER);
    private static final int HEADER_TAG = tag(FlightData.DATA_HEADER_FIELD_NUMBER);
    private static final int META_TAG = tag(FlightData.APP_METADATA_FIELD_NUMBER);
    private static final int DESCRIPTOR_TAG = tag(FlightData.FLIGHT_DESCRIPTOR_FIELD_NUMBER);
    private static final byte[] NONE = new byte[0];

    /** Bodies up to this are copied at once: keeping a small one would keep a whole buffer of the network. */
    private static final int KEPT_BYTES = 8192;

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /** What it takes of the credit. */
    long bytes() {
        return meta.kind() == Kind.BATCH ? (long) bodyBytes + header.length + FrameMeta.BYTES : 0;
    }

    static IncomingFrame read(InputStream message) throws IOException {
        byte[] meta = NONE;
        byte[] ticket = NONE;
        byte[] header = NONE;
        InputStream body = InputStream.nullInputStream();
        int bodyBytes = 0;
        while (message.available() > 0) {
            int tag = varint(message);
            int length = varint(message);
            if (length < 0 || length > message.available()) {
                throw new MalformedFrame("a field of " + length + " bytes where " + message.available() + " are left");
            }
            if (tag == META_TAG) {
                meta = message.readNBytes(length);
            } else if (tag == HEADER_TAG) {
                header = message.readNBytes(length);
            } else if (tag == DESCRIPTOR_TAG) {
                ticket = FlightDescriptor.parseFrom(message.readNBytes(length))
                        .getCmd()
                        .toByteArray();
            } else if (tag == BODY_TAG && length == message.available()) {
                bodyBytes = length;
                body = detached(message, length);
                break;
            } else {
                throw new MalformedFrame("a field with the tag " + tag);
            }
        }
        return new IncomingFrame(FrameMeta.of(meta), ticket, header, body, bodyBytes);
    }

    private static int varint(InputStream message) throws IOException {
        return CodedInputStream.readRawVarint32(message.read(), message);
    }

    private static InputStream detached(InputStream message, int length) throws IOException {
        return length > KEPT_BYTES && message instanceof Detachable network
                ? network.detach()
                : new ByteArrayInputStream(message.readNBytes(length));
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException("closing memory", impossible);
        }
    }
}
