package io.solstice.faults.rig;

import io.solstice.api.StateBackend;
import io.solstice.api.StateBackend.S3StateBackend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An S3 server in a process of its own, and the road to it. What it keeps is files, which outlive it. */
public final class S3Store implements AutoCloseable {
    /** A folder of the server's folder. */
    public static final String BUCKET = "faults";

    /** Of the state backend, a folder of the bucket's folder. */
    public static final String CHECKPOINTS = "checkpoints";

    static final String ID = "of-the-harness";
    static final String SECRET = "secret-of-the-harness";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final Path log;
    private final String host;
    private final int port;
    private final StoreRoad road;
    private @Nullable Process process;

    /** @param host where processes reach it */
    S3Store(Path folder, String host) throws IOException, InterruptedException {
        this.folder = folder;
        this.log = folder.resolveSibling("s3.log");
        this.host = host;
        Files.createDirectories(folder.resolve(BUCKET));
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
        this.road = new StoreRoad(host, port);
        start();
    }

    /** Starts it where it was before; it must not be running. */
    public void start() throws IOException, InterruptedException {
        List<String> words = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                S3Process.class.getName(),
                folder.toString(),
                host,
                Integer.toString(port),
                ID,
                SECRET);
        Process started = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process = started;
        if (!Wait.until(LIMIT, () -> !started.isAlive() || isUp()) || !isUp()) {
            throw new IllegalStateException("the S3 server did not come up; see " + log);
        }
    }

    private boolean isUp() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) LIMIT.toMillis());
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** kill -9. Returns whether it was seen to end by it. */
    public boolean kill() throws InterruptedException {
        Process victim = process;
        if (victim == null || !victim.isAlive()) {
            return false;
        }
        victim.destroyForcibly();
        return victim.waitFor() == Node.KILLED && !isUp();
    }

    public StoreRoad road() {
        return road;
    }

    private String endpoint() {
        return "http://" + host + ":" + road.port();
    }

    /** Of processes that may use it. */
    static Map<String, String> environment() {
        return Map.of("AWS_ACCESS_KEY_ID", ID, "AWS_SECRET_ACCESS_KEY", SECRET);
    }

    /** For the checkpoints of jobs. */
    public StateBackend backend() {
        return new S3StateBackend(BUCKET, CHECKPOINTS, Map.of("endpoint", endpoint()));
    }

    /** For masters. */
    List<String> journalFlags() {
        return List.of(
                "--journal",
                "s3://" + BUCKET + "/journal",
                "--journal-options",
                "endpoint=" + endpoint(),
                // As is advised for S3.
                "--lease-timeout",
                "5s");
    }

    @Override
    public void close() {
        road.close();
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
