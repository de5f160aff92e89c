package io.solstice.exchange.flight;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Arrow's buffers seen as one of Netty's, without a copy. It holds the buffers until Netty has written them, in the
 * exchange's own memory: the task that sent them may be gone by then.
 */
final class ColumnBytes extends CompositeByteBuf {
    /** Off the heap like everything in here: Netty copies a composite that has even one part on the heap. */
    private static final ByteBuf PADDING =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(8).writeZero(8).asReadOnly());

    private final List<ArrowBuf> held;
    private final WireMemory memory;

    private ColumnBytes(List<ByteBuf> parts, List<ArrowBuf> held, WireMemory memory) {
        // Never full: a full composite copies its parts together.
        super(UnpooledByteBufAllocator.DEFAULT, true, Integer.MAX_VALUE, parts);
        this.held = held;
        this.memory = memory;
    }

    /** The columns of a record batch, each padded to 8 bytes as Arrow IPC wants. */
    static final class Builder {
        private final List<ByteBuf> parts = new ArrayList<>();
        private final List<ArrowBuf> columns;
        private final WireMemory memory;

        Builder(List<ArrowBuf> columns, WireMemory memory) {
            this.columns = columns;
            this.memory = memory;
            for (ArrowBuf column : columns) {
                int length = Math.toIntExact(column.readableBytes());
                if (length > 0) {
                    parts.add(Unpooled.wrappedBuffer(column.nioBuffer(column.readerIndex(), length)));
                    int padding = -length & 7;
                    if (padding > 0) {
                        parts.add(PADDING.slice(0, padding));
                    }
                }
            }
        }

        void sum(CRC32C sum) {
            for (ByteBuf part : parts) {
                for (ByteBuffer bytes : part.nioBuffers()) {
                    sum.update(bytes);
                }
            }
        }

        ColumnBytes build(byte[] before) {
            List<ArrowBuf> held = new ArrayList<>(columns.size());
            for (ArrowBuf column : columns) {
                held.add(memory.hold(column));
            }
            parts.add(0, ByteBufAllocator.DEFAULT.directBuffer(before.length).writeBytes(before));
            return new ColumnBytes(parts, held, memory);
        }
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        for (ArrowBuf column : held) {
            memory.release(column);
        }
    }
}
