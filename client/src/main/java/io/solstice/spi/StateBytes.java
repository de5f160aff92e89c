package io.solstice.spi;

import io.solstice.common.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Takes what is written twice: first only its length, then its bytes into one array of that length. A state may be a
 * large part of the heap, so that an array which grows, and is copied at the end, would be several times too much.
 */
final class StateBytes implements WritableByteChannel {
    /** What the virtual machine makes no longer array of. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

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
        if (length > LONGEST) {
            throw ErrorCode.STATE_TOO_LARGE
                    .error("the state of one task is too large to be kept")
                    .cause("found " + length + " bytes, expected at most " + LONGEST)
                    .help(
                            "give the stage more tasks, so that each has less, or let the operator forget what it does not"
                                    + " need any more")
                    .toException();
        }
        return new StateBytes(new byte[(int) length], false);
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
