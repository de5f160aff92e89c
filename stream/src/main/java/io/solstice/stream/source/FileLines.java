package io.solstice.stream.source;

import io.solstice.common.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The lines of a file as bytes, without their ends. Used by one thread. */
final class FileLines implements AutoCloseable {
    private static final int LARGEST_LINE = 16 << 20;

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private long number;

    FileLines(Path file) throws IOException {
        this.file = file;
        this.in = Files.newInputStream(file);
    }

    /** Of the line that was read last, counted from 1. */
    long number() {
        return number;
    }

    /** The next line that is not blank; null at the end. */
    byte @Nullable [] next() throws IOException {
        for (byte[] line = anyLine(); line != null; line = anyLine()) {
            number++;
            if (!isBlank(line)) {
                return line;
            }
        }
        return null;
    }

    private byte @Nullable [] anyLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        boolean any = false;
        while (from < to || fill()) {
            any = true;
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            line.write(buffer, from, end - from);
            if (line.size() > LARGEST_LINE) {
                throw ErrorCode.RECORD_TOO_LARGE
                        .error("a line is longer than " + LARGEST_LINE + " bytes")
                        .where(file + ":" + (number + 1))
                        .help("give each event a line of its own")
                        .toException();
            }
            from = end + 1;
            if (end < to) {
                break;
            }
        }
        return any ? line.toByteArray() : null;
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(buffer));
        return to > 0;
    }

    private static boolean isBlank(byte[] line) {
        for (byte one : line) {
            if (one != ' ' && one != '\r' && one != '\t') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
