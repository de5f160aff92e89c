package io.solstice.faults.rig;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A road between processes, which can be cut: it listens in the place of one of them and passes on what comes, unless it
 * is told to hold it back in one direction or in both, or to break all connections off.
 */
public final class Road implements AutoCloseable {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final Duration STEP = Duration.ofMillis(5);

    private final String name;
    private final String host;
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong bites = new AtomicLong();
    private volatile InetSocketAddress target;
    private volatile State state = State.OPEN;
    private volatile boolean closed;

    /** What becomes of that which comes. */
    public enum State {
        OPEN(true, true),
        /** Nothing gets to the process that listens; what it says is heard. */
        HELD_THERE(false, true),
        /** The process that listens gets all, and cannot be heard. */
        HELD_BACK(true, false),
        HELD(false, false),
        /** No connection lasts. */
        REFUSED(false, false);

        private final boolean there;
        private final boolean back;

        State(boolean there, boolean back) {
            this.there = there;
            this.back = back;
        }
    }

    /** @param host where it listens, on any free port */
    Road(String name, String host) throws IOException {
        this.name = name;
        this.host = host;
        this.listening = new ServerSocket(0, 50, InetAddress.getByName(host));
        this.target = new InetSocketAddress(host, listening.getLocalPort());
    }

    String host() {
        return host;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Begins to pass on to there. */
    Road to(String host, int port) {
        target = new InetSocketAddress(host, port);
        start("accept", this::accept);
        return this;
    }

    private void start(String what, Runnable work) {
        Thread thread = new Thread(work, "road " + name + " " + what);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listening.accept();
                start("connect", () -> connect(client));
            } catch (IOException failed) {
                // Closed; or the connection went before it was taken.
            }
        }
    }

    private void connect(Socket client) {
        sockets.add(client);
        if (state == State.REFUSED) {
            reset(client);
            return;
        }
        try {
            Socket server = new Socket();
            sockets.add(server);
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start("back", () -> pass(server, client, false));
            pass(client, server, true);
        } catch (IOException nobody) {
            reset(client);
        }
    }

    private void pass(Socket from, Socket to, boolean there) {
        byte[] bytes = new byte[CHUNK_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                hold(there);
                out.write(bytes, 0, count);
            }
            hold(there);
            to.shutdownOutput();
        } catch (IOException | InterruptedException over) {
            reset(from);
            reset(to);
        }
        if (from.isOutputShutdown() && to.isOutputShutdown()) {
            reset(from);
            reset(to);
        }
    }

    private void hold(boolean there) throws InterruptedException {
        if (!(there ? state.there : state.back)) {
            bites.incrementAndGet();
        }
        while (!(there ? state.there : state.back) && !closed) {
            Wait.pause(STEP);
        }
    }

    /** Not a good-bye, but a break. */
    private void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException closedBefore) {
            // then there is nothing to be told
        }
        try {
            socket.close();
        } catch (IOException closedBefore) {
            // as good
        }
        sockets.remove(socket);
    }

    /** From now on; counts anew what it does. */
    public void become(State next) {
        bites.set(0);
        state = next;
        if (next == State.REFUSED) {
            breakOff();
        }
    }

    /** Breaks off all connections that there are; new ones are taken. */
    public void breakOff() {
        for (Socket socket : sockets) {
            bites.incrementAndGet();
            reset(socket);
        }
    }

    /** How often something was held back or broken off since the last change. */
    public long bites() {
        return bites.get();
    }

    @Override
    public void close() {
        closed = true;
        try {
            listening.close();
        } catch (IOException closedBefore) {
            // as good
        }
        sockets.forEach(this::reset);
    }
}
