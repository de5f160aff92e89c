package io.solstice.exchange.batch;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.apache.arrow.memory.ArrowBuf;

/** Reads some bytes of a buffer, which stays open. */
public final class BufferChannel implements ReadableByteChannel {
    private final ArrowBuf buffer;
    private final long end;
    private long next;

    /**
     * @param from the first byte to read
     * @param end the first one not to read
     */
    public BufferChannel(ArrowBuf buffer, long from, long end) {
        this.buffer = buffer;
        this.next = from;
        this.end = end;
    }

    @Override
    public int read(ByteBuffer into) {
        int count = (int) Math.min(into.remaining(), Math.max(0, end - next));
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
