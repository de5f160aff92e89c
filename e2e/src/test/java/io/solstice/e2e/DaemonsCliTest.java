package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.RpcClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masters and workers as people start and stop them, each as a process of its own. */
class DaemonsCliTest {
    private static final Path DISTRIBUTION = Path.of(System.getProperty("solstice.home", "target/solstice"));
    private static final Path CHECKOUT = Path.of(System.getProperty("solstice.root", ".."));
    private static final Pattern UP = Pattern.compile("(master|worker) '([^']+)' listens on ([^:]+):(\\d+)");
    private static final long LIMIT_SECS = 90;

    /** What a command left; both of its streams are one. */
    private record Ended(int code, String output) {}

    /** A process that said that it is up. */
    private record Up(String name, Endpoint endpoint) {}

    @TempDir
    Path folder;

    private Path bin = DISTRIBUTION.resolve("bin");
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void leaveNothingBehind() throws IOException, InterruptedException {
        started.forEach(Process::destroyForcibly);
        if (Files.exists(folder.resolve("run"))) {
            run("stop-worker");
            run("stop-master");
        }
    }

    private Process start(Map<String, String> environment, Path output, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(words));
        command.set(0, bin.resolve(words[0]).toAbsolutePath().normalize().toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "SOLSTICE_PID_DIR",
                        folder.resolve("run").toString(),
                        "SOLSTICE_LOG_DIR",
                        folder.resolve("logs").toString(),
                        "SOLSTICE_ARCHIVE",
                        "off",
                        "SOLSTICE_WORKER_DATA_DIR",
                        folder.resolve("worker").toString(),
                        "SOLSTICE_MASTER_DATA_DIR",
                        folder.resolve("master").toString()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Ended run(String... words) throws IOException, InterruptedException {
        return run(Map.of(), words);
    }

    private Ended run(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "command", ".txt");
        return end(start(environment, output, words), output);
    }

    private static Ended end(Process process, Path output) throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_SECS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + LIMIT_SECS + " s:\n" + Files.readString(output));
        }
        return new Ended(process.exitValue(), Files.readString(output));
    }

    private static Up up(String output) {
        Matcher line = UP.matcher(output);
        assertThat(line.find()).as(output).isTrue();
        return new Up(line.group(2), new Endpoint(line.group(3), Integer.parseInt(line.group(4))));
    }

    private Up startInBackground(String... words) throws IOException, InterruptedException {
        Ended ended = run(words);
        assertThat(ended.code()).as(ended.output()).isZero();
        return up(ended.output());
    }

    private static ServingStatus health(Endpoint endpoint) {
        try (RpcClient client = RpcClient.to("process", endpoint).build()) {
            return client.call(() -> HealthGrpc.newBlockingStub(client.channel())
                    .check(HealthCheckRequest.getDefaultInstance())
                    .getStatus());
        }
    }

    private long pid(String slot) throws IOException {
        return Long.parseLong(
                Files.readString(folder.resolve("run/" + slot + ".pid")).strip());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inTheForegroundUntilASignal(boolean checkout) throws IOException, InterruptedException {
        bin = checkout ? CHECKOUT.resolve("bin") : bin;
        Path output = folder.resolve("master.txt");
        Process master = start(Map.of(), output, "start-master", "--port", "0");
        started.add(master);
        Awaitility.await()
                .atMost(LIMIT_SECS, TimeUnit.SECONDS)
                .until(() -> UP.matcher(Files.readString(output)).find() || !master.isAlive());
        assertThat(health(up(Files.readString(output)).endpoint())).isEqualTo(ServingStatus.SERVING);
        assertThat(Files.readString(output)).contains("security: no TLS", "master settings:");
        master.destroy();
        Ended ended = end(master, output);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("asked to stop", "has stopped");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClusterInTheBackground(boolean checkout) throws IOException, InterruptedException {
        bin = checkout ? CHECKOUT.resolve("bin") : bin;
        Up master = startInBackground("start-master", "--daemon", "--port", "0");
        Up first = startInBackground(
                "start-worker", "--daemon", "--master", master.endpoint().toString());
        Up second = startInBackground(
                "start-worker", "--daemon", "--master", master.endpoint().toString());
        assertThat(List.of(health(master.endpoint()), health(first.endpoint()), health(second.endpoint())))
                .containsOnly(ServingStatus.SERVING);
        assertThat(first.name()).isNotEqualTo(second.name());
        assertThat(folder.resolve("logs")).isDirectoryContaining("glob:**worker-2.log");

        Ended again = run("start-master", "--daemon", "--port", "0");
        assertThat(again.code()).as(again.output()).isZero();
        assertThat(again.output()).contains("; standby: " + master.endpoint() + " leads");
        assertThat(health(up(again.output()).endpoint())).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(run("stop-master", "master-2").output()).contains("master 'solstice' stopped");

        assertThat(run("stop-worker", second.name()).output()).contains("worker '" + second.name() + "' stopped");
        assertThat(health(first.endpoint())).isEqualTo(ServingStatus.SERVING);
        assertThat(run("stop-worker", "nobody").code()).isEqualTo(1);
        assertThat(run("stop-worker").output()).contains("worker '" + first.name() + "' stopped");
        assertThat(run("stop-worker").output()).contains("no worker of this installation is running");
        assertThat(run("stop-master").output()).contains("master 'solstice' stopped");
        assertThat(folder.resolve("run")).isEmptyDirectory();
    }

    @Test
    void aKilledProcessLeavesItsPlaceToTheNext() throws IOException, InterruptedException {
        startInBackground("start-worker", "--daemon");
        ProcessHandle worker = ProcessHandle.of(pid("worker-1")).orElseThrow();
        worker.destroyForcibly();
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> !worker.isAlive());
        startInBackground("start-worker", "--daemon");
        assertThat(ProcessHandle.of(pid("worker-1"))).isPresent();
    }

    @Test
    void whoDoesNotStopIsKilled() throws IOException, InterruptedException {
        startInBackground("start-master", "--daemon", "--port", "0");
        long pid = pid("master");
        new ProcessBuilder("kill", "-STOP", "" + pid).start().waitFor();
        Ended ended = run(Map.of("SOLSTICE_STOP_TIMEOUT", "1"), "stop-master");
        assertThat(ended.output()).contains("did not stop in 1 s and was killed");
        assertThat(ended.code()).isZero();
    }

    @Test
    void saysWhyItDoesNotStart() throws IOException, InterruptedException {
        Up master = startInBackground("start-master", "--daemon", "--port", "0");
        String port = "" + master.endpoint().port();
        Ended taken = run("start-master", "--port", port, "--data-dir", "other");
        assertThat(taken.code()).isEqualTo(69);
        assertThat(taken.output())
                .contains("error[SOL-4201]: port " + port + " is taken", "process " + pid("master"), "MasterMain");

        Ended takenInBackground = run("start-worker", "--daemon", "--port", port);
        assertThat(takenInBackground.code()).isEqualTo(69);
        assertThat(takenInBackground.output())
                .contains("error[SOL-4201]", "the worker ended while it was starting; its log is ");
        assertThat(folder.resolve("run/worker-1.pid")).doesNotExist();

        Ended open = run("start-master", "--port", "0", "--bind-host", "0.0.0.0");
        assertThat(open.code()).isEqualTo(78);
        assertThat(open.output()).contains("error[SOL-4203]", "tls_certificate: ", "tokens_file: ");

        Ended wrong = run(Map.of("SOLSTICE_WORKER_MEMORY", "8GB"), "start-worker", "--daemon");
        assertThat(wrong.code()).isEqualTo(78);
        assertThat(wrong.output()).contains("error[SOL-1602]", "SOLSTICE_WORKER_MEMORY", "GiB");
    }

    @Test
    void aJobRunsOnTheWorkersThatThereAre() throws IOException, InterruptedException {
        String master = startInBackground("start-master", "--daemon", "--port", "0")
                .endpoint()
                .toString();
        String[] worker = {"start-worker", "--daemon", "--master", master};
        startInBackground(worker);
        startInBackground(worker);
        Ended job =
                run("solstice", "run", "--master", master, "--workflow", "workflows.quickstart", "--job-id", "first");
        assertThat(job.code()).as(job.output()).isZero();
        assertThat(job.output()).contains("job 'first' FINISHED");

        Ended stranger = run("start-worker", "--master", master, "--cluster-id", "other");
        assertThat(stranger.code()).isEqualTo(78);
        assertThat(stranger.output()).contains("error[SOL-4104]", "other");
    }

    @Test
    void helpListsTheSettings() throws IOException, InterruptedException {
        Ended help = run("start-worker", "--help");
        assertThat(help.code()).isZero();
        assertThat(help.output()).startsWith("Examples:").contains("--master ", "--off-heap-limit", "--daemon");
    }

    @Test
    void archivesOfClassesAreMadeAnewForOtherJars() throws IOException, InterruptedException {
        Path home = installation(folder.resolve("home"));
        bin = home.resolve("bin");
        Path archive = home.resolve("lib/master.jsa");
        assertThat(run(Map.of("SOLSTICE_ARCHIVE", "create"), "start-master", "--help")
                        .code())
                .isZero();
        FileTime old = FileTime.from(Instant.EPOCH);
        Files.setLastModifiedTime(archive, old);
        assertThat(sharingIsRequired().code()).isZero();
        rebuildAJar(home);
        assertThat(sharingIsRequired().code()).isNotZero();

        Ended ended = run(Map.of("SOLSTICE_ARCHIVE", ""), "start-master", "--daemon", "--port", "0");
        assertThat(ended.code()).as(ended.output()).isZero();
        Awaitility.await()
                .atMost(2 * LIMIT_SECS, TimeUnit.SECONDS)
                .until(() -> !Files.exists(home.resolve("lib/archives.jsa.pid")));
        assertThat(Files.getLastModifiedTime(archive)).isGreaterThan(old);
        assertThat(home.resolve("lib/worker.jsa")).exists();
        assertThat(home.resolve("lib/command.jsa")).exists();
        assertThat(sharingIsRequired().code()).isZero();
    }

    /** One of its own, without archives: what happens to it must not slow down others. */
    private static Path installation(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(DISTRIBUTION)) {
            for (Path from :
                    all.filter(file -> !file.toString().contains(".jsa")).toList()) {
                Path to = home.resolve(DISTRIBUTION.relativize(from).toString());
                if (from.toString().endsWith(".jar") && !from.toString().contains("solstice-common")) {
                    Files.createSymbolicLink(to, from.toAbsolutePath());
                } else {
                    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return home;
    }

    /** Fails if the JVM does not take the archive. */
    private Ended sharingIsRequired() throws IOException, InterruptedException {
        return run(Map.of("SOLSTICE_JAVA_OPTS", "-Xshare:on"), "start-master", "--help");
    }

    /** The JVM tells jars apart by size and time. */
    private static void rebuildAJar(Path home) throws IOException {
        try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
            Path jar = jars.filter(file -> file.getFileName().toString().startsWith("solstice-common"))
                    .findFirst()
                    .orElseThrow();
            Files.setLastModifiedTime(
                    jar,
                    FileTime.from(Files.getLastModifiedTime(jar).toInstant().minusSeconds(60)));
        }
    }
}
