package io.solstice.connector.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands between a client and an S3 server, and does to each request what the test wants. Counts what it did. */
final class FaultyRoad implements AutoCloseable {
    enum Fault {
        /** Nothing: the request reaches the server, the answer the client. */
        NONE,
        /** Never reaches the server: 503, ask more slowly. */
        SLOW_DOWN,
        /** Never reaches the server, never answered. */
        HANG,
        /** Reaches the server and takes effect; the connection breaks before the answer. */
        APPLY_AND_CUT,
        /** Reaches the server; half of the answer comes back. */
        HALF_AN_ANSWER,
        /** Never reaches the server: 409, another write is under way. */
        CONFLICT,
        /** Never reaches the server: 403, the credentials have expired. */
        EXPIRED,
        /** Never reaches the server: 403, these credentials may not do that. */
        DENIED
    }

    /**
     * @param line such as {@code PUT /bucket/key?x HTTP/1.1}
     * @param head all header lines
     */
    record Request(String line, String head) {
        boolean isPut() {
            return line.startsWith("PUT ");
        }

        boolean has(String text) {
            return line.contains(text) || head.contains(text);
        }
    }

    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");
    private final ServerSocket listener;
    private final int serverPort;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final Map<Fault, Integer> counts = new ConcurrentHashMap<>();
    private volatile Function<Request, Fault> plan = request -> Fault.NONE;

    FaultyRoad(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        threads.submit(() -> {
            while (true) {
                Socket client = listener.accept();
                open.add(client);
                threads.submit(() -> {
                    serve(client);
                    return null;
                });
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    void plan(Function<Request, Fault> faults) {
        plan = faults;
    }

    int count(Fault fault) {
        return counts.getOrDefault(fault, 0);
    }

    private void serve(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        String head = head(in);
        if (head.isEmpty()) {
            client.close();
            return;
        }
        if (head.toLowerCase(Locale.ROOT).contains("expect: 100-continue")) {
            client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
        }
        Matcher length = LENGTH.matcher(head);
        byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        Fault fault = plan.apply(new Request(head.substring(0, head.indexOf('\r')), head));
        counts.merge(fault, 1, Integer::sum);
        answer(client, head, body, fault);
    }

    private void answer(Socket client, String head, byte[] body, Fault fault) throws IOException {
        OutputStream out = client.getOutputStream();
        switch (fault) {
            case NONE -> out.write(forward(head, body));
            case SLOW_DOWN -> out.write(refusal("503 Slow Down", "SlowDown"));
            case CONFLICT -> out.write(refusal("409 Conflict", "ConditionalRequestConflict"));
            case EXPIRED -> out.write(refusal("403 Forbidden", "ExpiredToken"));
            case DENIED -> out.write(refusal("403 Forbidden", "AccessDenied"));
            case APPLY_AND_CUT -> forward(head, body);
            case HALF_AN_ANSWER -> {
                byte[] whole = forward(head, body);
                out.write(Arrays.copyOf(whole, whole.length / 2));
            }
            case HANG -> {
                return;
            }
        }
        client.close();
    }

    private static byte[] refusal(String status, String code) {
        String xml = "<Error><Code>" + code + "</Code><Message>of the test</Message></Error>";
        return ("HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\nContent-Length: " + xml.length()
                        + "\r\nConnection: close\r\n\r\n" + xml)
                .getBytes(ISO_8859_1);
    }

    private byte[] forward(String head, byte[] body) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            String asked = head.replaceAll("(?i)\r\n(connection|expect):[^\r]*", "");
            OutputStream out = server.getOutputStream();
            out.write(asked.substring(0, asked.length() - 2).getBytes(ISO_8859_1));
            out.write("Connection: close\r\n\r\n".getBytes(ISO_8859_1));
            out.write(body);
            out.flush();
            return server.getInputStream().readAllBytes();
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

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
