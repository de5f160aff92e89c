package io.solstice.faults.rig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The road from all processes to an S3 server. It understands requests, one for each connection, so that it can answer
 * in the place of the server, or lose an answer and not the request.
 */
public final class StoreRoad implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");
    private static final Duration SLOWNESS = Duration.ofMillis(500);
    private static final String BUSY =
            "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message>" + "</Error>";

    private final InetAddress host;
    private final ServerSocket listening;
    private final int server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong bites = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private volatile State state = State.OPEN;

    /** What becomes of a request. */
    public enum State {
        OPEN,
        /** The connection is broken off at once. */
        REFUSING,
        /** It is taken, does not reach the server, and is never answered. */
        HANGING,
        /** It takes half a second more. */
        SLOW,
        /** 503, ask more slowly. */
        BUSY,
        /** Every second write reaches the server and takes effect; the connection breaks before the answer. */
        UNANSWERED
    }

    /** @param host where it listens, on any free port, and where the server listens on another one */
    StoreRoad(String host, int server) throws IOException {
        this.host = InetAddress.getByName(host);
        this.server = server;
        this.listening = new ServerSocket(0, 200, this.host);
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "road to the store");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on; counts anew what it does. */
    public void become(State next) {
        bites.set(0);
        state = next;
    }

    /** How many requests it harmed since the last change. */
    public long bites() {
        return bites.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                sockets.add(client);
                start(() -> serve(client));
            } catch (IOException failed) {
                // Closed; or the connection went before it was taken.
            }
        }
    }

    private void serve(Socket client) {
        try {
            boolean stays = state == State.REFUSING ? refuse(client) : answer(client);
            if (!stays) {
                client.close();
                sockets.remove(client);
            }
        } catch (IOException | InterruptedException broken) {
            reset(client);
        }
    }

    private boolean refuse(Socket client) {
        bites.incrementAndGet();
        reset(client);
        return true;
    }

    /** @return whether the connection is left as it is */
    private boolean answer(Socket client) throws IOException, InterruptedException {
        InputStream in = client.getInputStream();
        String head = head(in);
        if (head.isEmpty()) {
            return false;
        }
        OutputStream out = client.getOutputStream();
        if (head.toLowerCase(Locale.ROOT).contains("expect: 100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
        }
        Matcher length = LENGTH.matcher(head);
        byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        State now = state;
        if (now == State.UNANSWERED && (head.startsWith("GET ") || head.startsWith("HEAD "))
                || now == State.UNANSWERED && writes.incrementAndGet() % 2 == 0) {
            now = State.OPEN;
        }
        if (now != State.OPEN) {
            bites.incrementAndGet();
        }
        switch (now) {
            case OPEN -> out.write(forward(head, body));
            case SLOW -> {
                Wait.pause(SLOWNESS);
                out.write(forward(head, body));
            }
            case BUSY -> out.write(busy());
            case UNANSWERED -> {
                forward(head, body);
                reset(client);
            }
            case REFUSING -> reset(client);
            case HANGING -> {
                return true;
            }
        }
        return false;
    }

    private static byte[] busy() {
        return ("HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: " + BUSY.length()
                        + "\r\nConnection: close\r\n\r\n" + BUSY)
                .getBytes(ISO_8859_1);
    }

    private byte[] forward(String head, byte[] body) throws IOException {
        try (Socket socket = new Socket(host, server)) {
            String asked = head.replaceAll("(?i)\r\n(connection|expect):[^\r]*", "");
            OutputStream out = socket.getOutputStream();
            out.write((asked.substring(0, asked.length() - 2) + "Connection: close\r\n\r\n").getBytes(ISO_8859_1));
            out.write(body);
            out.flush();
            byte[] answer = socket.getInputStream().readAllBytes();
            if (answer.length == 0) {
                throw new IOException("the server gave no answer");
            }
            return answer;
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(ISO_8859_1);
    }

    /** Not a good-bye, but a break. */
    private void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closedBefore) {
            // as good
        }
        sockets.remove(socket);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException closedBefore) {
            // as good
        }
        sockets.forEach(this::reset);
    }
}
