package io.solstice.exchange.flight;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What each message of a channel carries in its application metadata, 22 bytes, little-endian: version (1 byte), kind
 * (1), sequence number (8), value (8), checksum (4).
 *
 * @param sequence rises by one with each message of a sender
 * @param value the moment of a watermark, the epoch of a barrier, the bytes of a credit, or how far time
 *     has come where a sender resumes; otherwise 0
 * @param checksum CRC32C over the 18 bytes before it, then the ticket, IPC header and body of the message
 */
record FrameMeta(Kind kind, long sequence, long value, int checksum) {
    static final int BYTES = 22;
    private static final int SUMMED_BYTES = 18;
    private static final byte VERSION = 1;

    /** The order is the wire's: new kinds go to the end. */
    enum Kind {
        OPEN,
        SCHEMA,
        BATCH,
        WATERMARK,
        BARRIER,
        END,
        CREDIT,
        IDLE,
        RESUMED;

        private static final Kind[] ALL = values();
    }

    /** A checksum that has seen the kind, the sequence number and the value. */
    static CRC32C sum(Kind kind, long sequence, long value) {
        CRC32C sum = new CRC32C();
        sum.update(start(kind, sequence, value).array(), 0, SUMMED_BYTES);
        return sum;
    }

    CRC32C sum() {
        return sum(kind, sequence, value);
    }

    byte[] toBytes() {
        return start(kind, sequence, value).putInt(checksum).array();
    }

    private static ByteBuffer start(Kind kind, long sequence, long value) {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(VERSION)
                .put((byte) kind.ordinal())
                .putLong(sequence)
                .putLong(value);
    }

    static FrameMeta of(byte[] bytes) throws MalformedFrame {
        if (bytes.length != BYTES || bytes[0] != VERSION) {
            throw new MalformedFrame("metadata of " + bytes.length + " bytes that is not of version " + VERSION);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int kind = in.get(1);
        if (kind < 0 || kind >= Kind.ALL.length) {
            throw new MalformedFrame("a message of the unknown kind " + kind);
        }
        return new FrameMeta(Kind.ALL[kind], in.getLong(2), in.getLong(10), in.getInt(SUMMED_BYTES));
    }
}
