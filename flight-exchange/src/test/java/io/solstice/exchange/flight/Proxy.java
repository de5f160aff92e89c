package io.solstice.exchange.flight;

import io.solstice.common.protocol.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A bad network: passes bytes on until it is told to cut the line, or to change a byte. */
final class Proxy implements AutoCloseable {
    private final ServerSocket door;
    private final Endpoint target;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    /** The position of the byte from the client that is to be changed; none if negative. */
    private final AtomicLong damageAt = new AtomicLong(-1);

    private final AtomicLong cutAt = new AtomicLong(Long.MAX_VALUE);

    Proxy(Endpoint target) {
        this.target = target;
        try {
            this.door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Thread thread = new Thread(this::serve, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", door.getLocalPort());
    }

    void damageByte(long position) {
        damageAt.set(position);
    }

    void cutAfter(long bytes) {
        cutAt.set(bytes);
    }

    private void serve() {
        try {
            while (true) {
                Socket client = door.accept();
                Socket server = new Socket(target.host(), target.port());
                open.add(client);
                open.add(server);
                pump(client, server, true);
                pump(server, client, false);
            }
        } catch (IOException closed) {
            close();
        }
    }

    private void pump(Socket from, Socket to, boolean fromClient) {
        Thread thread = new Thread(
                () -> {
                    try (InputStream in = from.getInputStream();
                            OutputStream out = to.getOutputStream()) {
                        copy(in, out, fromClient);
                    } catch (IOException broken) {
                        close();
                    }
                },
                "proxy pump");
        thread.setDaemon(true);
        thread.start();
    }

    private void copy(InputStream in, OutputStream out, boolean fromClient) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        long passed = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (fromClient && passed + count > cutAt.get()) {
                throw new IOException("cut");
            }
            long damaged = damageAt.get() - passed;
            if (fromClient && damaged >= 0 && damaged < count) {
                buffer[(int) damaged] ^= 0x40;
            }
            passed += count;
            out.write(buffer, 0, count);
            out.flush();
        }
    }

    @Override
    public void close() {
        try {
            door.close();
            for (Socket socket : open) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException done) {
            open.clear();
        }
    }
}
