package io.solstice.master.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.wire.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The bytes of the journal's objects, in which every one is checked. One that holds entries is: {@code SOLJ}, version (4
 * bytes), its number (8), its writer (16), the CRC-32C of all that (4), then for each entry its length and CRC-32C (4
 * each) and its bytes. One that says where a summary is: {@code SOLS}, version, number, CRC-32C.
 */
final class JournalObject {
    private static final int ENTRIES = 0x534f_4c4a;
    private static final int SUMMARY = 0x534f_4c53;
    private static final int VERSION = 2;
    private static final int HEAD_BYTES = 32;
    private static final int SUMMARY_BYTES = 20;

    private JournalObject() {}

    /** @param writer unlike that of any other process, so that no two write the same bytes */
    static byte[] entries(long number, UUID writer, List<JournalEntry> entries) {
        List<byte[]> parts = entries.stream()
                .map(entry -> Wire.bytes(JournalCodec.toProto(entry)))
                .toList();
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES
                + 4
                + parts.stream().mapToInt(part -> 8 + part.length).sum());
        bytes.putInt(ENTRIES).putInt(VERSION).putLong(number);
        bytes.putLong(writer.getMostSignificantBits()).putLong(writer.getLeastSignificantBits());
        bytes.putInt(checksum(bytes.array(), HEAD_BYTES));
        for (byte[] part : parts) {
            bytes.putInt(part.length).putInt(checksum(part, part.length)).put(part);
        }
        return bytes.array();
    }

    static List<JournalEntry> readEntries(String key, long number, byte[] object) {
        ByteBuffer bytes = head(key, ENTRIES, HEAD_BYTES, object);
        if (bytes.getLong(8) != number) {
            throw damaged(key, "it was written as number " + bytes.getLong(8));
        }
        List<JournalEntry> entries = new ArrayList<>();
        while (bytes.hasRemaining()) {
            entries.add(next(key, bytes));
        }
        return entries;
    }

    private static JournalEntry next(String key, ByteBuffer bytes) {
        int at = bytes.position();
        if (bytes.remaining() < 8) {
            throw damaged(key, "it ends in the middle of an entry, at byte " + at);
        }
        int length = bytes.getInt();
        int checksum = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw damaged(key, "it ends in the middle of an entry, at byte " + at);
        }
        byte[] part = new byte[length];
        bytes.get(part);
        if (checksum(part, length) != checksum) {
            throw damaged(key, "the checksum of the entry at byte " + at + " does not fit");
        }
        try {
            return JournalCodec.fromProto(io.solstice.proto.v1.JournalEntry.parseFrom(part));
        } catch (InvalidProtocolBufferException broken) {
            throw damaged(key, broken.toString());
        }
    }

    /** Says that the object of that number sums up all before it. */
    static byte[] summary(long number) {
        ByteBuffer bytes = ByteBuffer.allocate(SUMMARY_BYTES);
        bytes.putInt(SUMMARY).putInt(VERSION).putLong(number);
        return bytes.putInt(checksum(bytes.array(), SUMMARY_BYTES - 4)).array();
    }

    static long readSummary(String key, byte[] object) {
        return head(key, SUMMARY, SUMMARY_BYTES - 4, object).getLong(8);
    }

    /** Checks what an object begins with; what is returned stands behind it. */
    private static ByteBuffer head(String key, int kind, int length, byte[] object) {
        if (object.length < length + 4) {
            throw damaged(key, "it has only " + object.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(object);
        if (bytes.getInt(0) != kind || bytes.getInt(4) != VERSION) {
            throw damaged(key, "it does not begin as an object of a journal does");
        }
        if (bytes.getInt(length) != checksum(object, length)) {
            throw damaged(key, "the checksum of its beginning does not fit");
        }
        return bytes.position(length + 4);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    static SolsticeException damaged(String key, String cause) {
        return ErrorCode.JOURNAL_DAMAGED
                .error("the master's journal is damaged")
                .where(key)
                .cause(cause)
                .help("restore the journal from a copy, or start with an empty one; running jobs are then unknown")
                .toException();
    }
}
