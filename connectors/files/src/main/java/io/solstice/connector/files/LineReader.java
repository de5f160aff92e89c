package io.solstice.connector.files;

import io.solstice.common.error.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads the lines of a part of a file as bytes, knowing where each stands. The bytes of a line are valid until the next
 * call; the buffer grows to the longest line, up to a limit.
 */
final class LineReader implements Closeable {
    private static final int FIRST_BUFFER_BYTES = 256 << 10;
    private static final int LONGEST_LINE_BYTES = 256 << 20;

    private final FileRange range;
    private final FileChannel channel;
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int filled;
    private int next;
    private long bufferStart;
    private boolean ended;
    private int lineStart;
    private int lineLength;
    private long lineNumber;

    LineReader(FileRange range) throws IOException {
        this.range = range;
        this.channel = FileChannel.open(range.file(), StandardOpenOption.READ);
        // A line belongs to the part that it begins in: the one that runs into this part is passed over.
        this.bufferStart = Math.max(0, range.start() - 1);
        try {
            channel.position(bufferStart);
            if (range.start() > 0) {
                advance();
            } else {
                skipByteOrderMark();
            }
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Moves to the next line; false at the end of the part. */
    boolean advance() throws IOException {
        int end = findLineEnd();
        if (end < 0) {
            return false;
        }
        lineStart = next;
        lineLength = end - next;
        if (bufferStart + lineStart >= range.end()) {
            return false;
        }
        next = Math.min(end + 1, filled);
        if (lineLength > 0 && buffer[lineStart + lineLength - 1] == '\r') {
            lineLength--;
        }
        lineNumber++;
        return true;
    }

    byte[] bytes() {
        return buffer;
    }

    int offset() {
        return lineStart;
    }

    int length() {
        return lineLength;
    }

    boolean isBlank() {
        for (int i = lineStart; i < lineStart + lineLength; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    String text() {
        return new String(buffer, lineStart, lineLength, StandardCharsets.UTF_8);
    }

    /** {@code /in/a.json:17}, or the byte position where the part begins in the middle of a file. */
    String place() {
        return range.start() == 0 ? range.file() + ":" + lineNumber : range.file() + ", byte " + bytePosition();
    }

    /** Where the line begins in the file. */
    long bytePosition() {
        return bufferStart + lineStart;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** The index of the line's end in the buffer, or -1 where no bytes are left. */
    private int findLineEnd() throws IOException {
        int from = next;
        while (true) {
            for (int i = from; i < filled; i++) {
                if (buffer[i] == '\n') {
                    return i;
                }
            }
            if (ended) {
                return filled > next ? filled : -1;
            }
            int unread = filled - next;
            fill();
            from = next + unread;
        }
    }

    private void fill() throws IOException {
        if (next > 0) {
            System.arraycopy(buffer, next, buffer, 0, filled - next);
            bufferStart += next;
            filled -= next;
            next = 0;
        } else if (filled == buffer.length) {
            if (filled >= LONGEST_LINE_BYTES) {
                throw ErrorCode.RECORD_TOO_LARGE
                        .error("a line is longer than " + LONGEST_LINE_BYTES + " bytes")
                        .where(range.file() + ", byte " + bufferStart)
                        .help("JSON input is read as lines, one object a line; is this one large document?")
                        .toException();
            }
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = channel.read(ByteBuffer.wrap(buffer, filled, buffer.length - filled));
        if (read < 0) {
            ended = true;
        } else {
            filled += read;
        }
    }

    private void skipByteOrderMark() throws IOException {
        while (!ended && filled < 3) {
            fill();
        }
        if (filled >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF) {
            next = 3;
        }
    }
}
