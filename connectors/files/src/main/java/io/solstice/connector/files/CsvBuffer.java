package io.solstice.connector.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One line of CSV being written. */
final class CsvBuffer {
    private final char delimiter;
    private byte[] line = new byte[1024];
    private int length;

    CsvBuffer(char delimiter) {
        this.delimiter = delimiter;
    }

    void put(byte one) {
        reserve(1);
        line[length++] = one;
    }

    /** Bytes that need no quotes, such as numbers. */
    void plain(byte[] bytes, int from, int count) {
        reserve(count);
        System.arraycopy(bytes, from, line, length, count);
        length += count;
    }

    void number(long value) {
        if (value < 0 || value > 999_999_999_999_999_999L) {
            ascii(Long.toString(value));
            return;
        }
        reserve(18);
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            line[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    void ascii(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        plain(bytes, 0, bytes.length);
    }

    void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        text(bytes, bytes.length);
    }

    /** UTF-8, in quotes where it is empty or has the delimiter, quotes or line ends. */
    void text(byte[] bytes, int count) {
        boolean quotes = count == 0;
        for (int i = 0; i < count && !quotes; i++) {
            byte b = bytes[i];
            quotes = b == delimiter || b == '"' || b == '\n' || b == '\r';
        }
        if (!quotes) {
            plain(bytes, 0, count);
            return;
        }
        reserve(2 * count + 2);
        line[length++] = '"';
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '"') {
                line[length++] = '"';
            }
            line[length++] = bytes[i];
        }
        line[length++] = '"';
    }

    void endLine(OutputStream out) throws IOException {
        put((byte) '\n');
        out.write(line, 0, length);
        length = 0;
    }

    private void reserve(int more) {
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, length + more));
        }
    }
}
