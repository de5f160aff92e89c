package io.solstice.bench.exchange;

import io.solstice.common.protocol.Endpoint;
import io.solstice.exchange.batch.Batch;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/** As many bytes as a batch has, from direct memory over a socket: what the kernel can do. */
final class TcpWay implements Way {
    private final Endpoint receiver;

    TcpWay(Endpoint receiver) {
        this.receiver = receiver;
    }

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public void send(long stream, List<Batch> batches, int count) throws Exception {
        List<ByteBuffer> messages = batches.stream()
                .map(batch -> ByteBuffer.allocateDirect((int) batch.byteSize()))
                .toList();
        try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(receiver.host(), receiver.port()))) {
            for (int i = 0; i < count; i++) {
                ByteBuffer bytes = messages.get(i % messages.size()).clear();
                while (bytes.hasRemaining()) {
                    socket.write(bytes);
                }
            }
        }
    }
}
