package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.common.protocol.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A master or worker of the distribution in the foreground, and what it has printed. */
final class ForegroundDaemon implements AutoCloseable {
    static final Path HOME =
            Path.of(System.getProperty("solstice.home", "target/solstice")).toAbsolutePath();
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern UP = Pattern.compile("(?:master|worker) '[^']+' listens on ([^:]+):(\\d+)");

    private final Process process;
    private final Path output;

    private ForegroundDaemon(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Does not wait until it is up; it prints into {@code <name>.log}. */
    static ForegroundDaemon start(Path folder, String name, String command, List<String> flags) {
        Path output = folder.resolve(name + ".log");
        List<String> words =
                new ArrayList<>(List.of(HOME.resolve("bin").resolve(command).toString()));
        words.addAll(flags);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("SOLSTICE_JAVA_OPTS", "-Xmx256m -XX:TieredStopAtLevel=1");
        try {
            return new ForegroundDaemon(builder.start(), output);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** All that it has printed, and those before it that wrote to the same file. */
    String log() {
        try {
            return Files.readString(output);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Where it listens, as soon as it says so. */
    Endpoint endpoint() {
        await().atMost(LIMIT).until(() -> UP.matcher(log()).find() || !process.isAlive());
        Matcher line = UP.matcher(log());
        assertThat(line.find()).as(log()).isTrue();
        return new Endpoint(line.group(1), Integer.parseInt(line.group(2)));
    }

    void awaitLog(String text) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(log()).contains(text));
    }

    /** As the out-of-memory killer would; returns when the process is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("has ended: " + log())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }
}
