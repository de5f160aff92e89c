package io.solstice.spi;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Takes what is written twice: first only its length, then its bytes into one array of that length. A state may be a
 * large part of the heap, so that an array which grows, and is copied at the end, would be several times too much.
 */
final class StateBytes implements WritableByteChannel {
    private final byte[] array;
    private final boolean counts;
    private long length;

    private StateBytes(byte[] array, boolean counts) {
        this.array = array;
        this.counts = counts;
    }

    static StateBytes toCount() {
        return new StateBytes(new byte[0], true);
    }

    static StateBytes ofLength(long length) {
        return new StateBytes(new byte[Math.toIntExact(length)], false);
    }

    long length() {
        return length;
    }

    /** All of it, when as much as was announced has been written. */
    byte[] array() {
        if (length != array.length) {
            throw new IllegalStateException("found " + length + " bytes, expected " + array.length);
        }
        return array;
    }

    @Override
    public int write(ByteBuffer from) {
        int count = from.remaining();
        if (counts) {
            from.position(from.limit());
        } else {
            from.get(array, (int) length, count);
        }
        length += count;
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
