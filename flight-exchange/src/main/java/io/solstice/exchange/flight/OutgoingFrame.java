package io.solstice.exchange.flight;

import io.grpc.Drainable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.arrow.flight.grpc.AddWritableBuffer;

/** One Flight data message, ready to be written. */
sealed interface OutgoingFrame {
    /** Opens the message for gRPC, which closes it. */
    InputStream open();

    /** Lets go of the memory, once gRPC has taken the message or has refused it. */
    void release();

    /** A message without columns. */
    record Small(byte[] bytes) implements OutgoingFrame {
        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public void release() {
            // the garbage collector does
        }
    }

    /** A message whose body is the columns themselves; gRPC writes from their memory. */
    record Columns(ByteBuf bytes) implements OutgoingFrame {
        @Override
        public InputStream open() {
            return new ColumnStream(bytes.retain());
        }

        @Override
        public void release() {
            bytes.release();
        }
    }

    /** Gives gRPC the memory instead of a copy. Its length is hidden, because gRPC copies what has a known length. */
    final class ColumnStream extends ByteBufInputStream implements Drainable {
        private final ByteBuf bytes;

        ColumnStream(ByteBuf bytes) {
            super(bytes, bytes.readableBytes(), true);
            this.bytes = bytes;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int length = bytes.readableBytes();
            AddWritableBuffer.add(bytes, target, true);
            return length;
        }
    }
}
