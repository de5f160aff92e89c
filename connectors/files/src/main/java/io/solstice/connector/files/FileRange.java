package io.solstice.connector.files;

import io.solstice.common.protocol.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a file that begin in {@code [start, end)}. As a split's payload: {@code start:end:path}.
 *
 * @param end one past the last byte, or {@code Long.MAX_VALUE} for the whole rest
 */
record FileRange(Path file, long start, long end) {
    private static final long DIVIDED_ABOVE_BYTES = 64L << 20;
    private static final long PIECE_BYTES = 32L << 20;

    static FileRange whole(Path file) {
        return new FileRange(file, 0, Long.MAX_VALUE);
    }

    static List<FileRange> pieces(Path file, long bytes, boolean divisible) {
        if (!divisible || bytes <= DIVIDED_ABOVE_BYTES) {
            return List.of(whole(file));
        }
        List<FileRange> pieces = new ArrayList<>();
        for (long start = 0; start < bytes; start += PIECE_BYTES) {
            long end = start + PIECE_BYTES;
            pieces.add(new FileRange(file, start, end >= bytes ? Long.MAX_VALUE : end));
        }
        return pieces;
    }

    Split toSplit() {
        String id = start == 0 && end == Long.MAX_VALUE ? file.toString() : file + "#" + start;
        return new Split(id, start + ":" + end + ":" + file, -1);
    }

    static FileRange of(Split split) {
        String[] parts = split.payload().split(":", 3);
        return new FileRange(Path.of(parts[2]), Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
