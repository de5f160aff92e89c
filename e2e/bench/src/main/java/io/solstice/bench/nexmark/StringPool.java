package io.solstice.bench.nexmark;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A thousand strings made once, which events refer to. For columns each has its 16-byte Arrow view, which says where in
 * the pool's data buffer it lies; every batch shares that buffer by reference, so that no event copies a string.
 */
public final class StringPool {
    public static final int SIZE = 1024;
    static final int MASK = SIZE - 1;
    private static final int INLINE = 12;

    private final String[] strings = new String[SIZE];
    private final byte[] data;
    /**
     * Two words a view: length and the first four bytes, then either the next eight bytes or buffer 0 and an offset.
     */
    private final long[] views = new long[2 * SIZE];

    public StringPool(RandomGenerator random, Function<RandomGenerator, String> maker) {
        byte[][] encoded = new byte[SIZE][];
        int total = 0;
        for (int i = 0; i < SIZE; i++) {
            strings[i] = maker.apply(random);
            encoded[i] = strings[i].getBytes(StandardCharsets.UTF_8);
            total += encoded[i].length;
        }
        data = new byte[total];
        int offset = 0;
        for (int i = 0; i < SIZE; i++) {
            System.arraycopy(encoded[i], 0, data, offset, encoded[i].length);
            view(i, encoded[i], offset);
            offset += encoded[i].length;
        }
    }

    private void view(int index, byte[] bytes, int offset) {
        views[2 * index] = firstView(strings[index]);
        views[2 * index + 1] = bytes.length <= INLINE ? word(bytes, 4, 8) : (long) offset << 32;
    }

    /** The first word of the view of a text. */
    public static long firstView(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length | word(bytes, 0, 4) << 32;
    }

    private static long word(byte[] bytes, int from, int length) {
        long word = 0;
        for (int i = 0; i < length && from + i < bytes.length; i++) {
            word |= (bytes[from + i] & 0xFFL) << (8 * i);
        }
        return word;
    }

    public String string(int index) {
        return strings[index];
    }

    /** The views of all strings, two words each. */
    public long[] views() {
        return views;
    }

    /** A buffer with the bytes of all strings, owned by the caller. */
    public ArrowBuf buffer(BufferAllocator allocator) {
        ArrowBuf buffer = allocator.buffer(Math.max(1, data.length));
        buffer.writeBytes(data);
        return buffer;
    }
}
