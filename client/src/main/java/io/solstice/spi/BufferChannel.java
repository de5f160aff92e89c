package io.solstice.spi;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.apache.arrow.memory.ArrowBuf;

/** Reads what has been written into a buffer, which stays open. */
final class BufferChannel implements ReadableByteChannel {
    private final ArrowBuf buffer;
    private long next;

    /** @param from the first byte to read */
    BufferChannel(ArrowBuf buffer, long from) {
        this.buffer = buffer;
        this.next = from;
    }

    @Override
    public int read(ByteBuffer into) {
        int count = (int) Math.min(into.remaining(), Math.max(0, buffer.writerIndex() - next));
        if (count == 0) {
            return into.hasRemaining() ? -1 : 0;
        }
        into.put(buffer.nioBuffer(next, count));
        next += count;
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
