package io.solstice.spi;

import io.solstice.common.store.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Writes into a stream, which stays open, what may lie outside the heap. */
final class StreamChannel implements WritableByteChannel {
    private final OutputStream out;
    private final byte[] piece = new byte[ObjectStore.PIECE_BYTES];

    StreamChannel(OutputStream out) {
        this.out = out;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = from.remaining();
        while (from.hasRemaining()) {
            int length = Math.min(piece.length, from.remaining());
            from.get(piece, 0, length);
            out.write(piece, 0, length);
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
