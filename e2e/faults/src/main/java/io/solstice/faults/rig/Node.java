package io.solstice.faults.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A master or a worker in the foreground, started by its command, again and again under the same name. */
public final class Node {
    /** Of a process that was killed, as a shell tells it. */
    public static final int KILLED = 137;

    private static final Pattern UP = Pattern.compile("(?:master|worker) '[^']+' listens on ([^\\s]+:\\d+)");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path home;
    private final Path folder;
    private final String name;
    private final String command;
    private final Map<String, String> environment;
    private final List<String> before;
    private @Nullable Process process;
    private int starts;

    /**
     * @param environment besides that of this process
     * @param before the words that go before the command
     */
    Node(Path home, Path folder, String name, String command, Map<String, String> environment, List<String> before) {
        this.home = home;
        this.folder = folder;
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.before = before;
    }

    public String name() {
        return name;
    }

    /** Starts it; it must not be running. */
    void start(List<String> flags) throws IOException {
        if (isAlive()) {
            throw new IllegalStateException(name + " is running");
        }
        List<String> words = new ArrayList<>(before);
        words.add(home.resolve("bin").resolve(command).toString());
        words.addAll(List.of("--config", "/dev/null", "--data-dir", data().toString()));
        words.addAll(flags);
        starts++;
        // What was killed could not remove its temporary files.
        keepDeadLetters();
        Rig.delete(temporary());
        Files.createDirectories(temporary());
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** What was set aside stays for the checker. */
    private void keepDeadLetters() throws IOException {
        if (Files.isDirectory(deadLetters())) {
            Files.move(deadLetters(), folder.resolve(name + "." + (starts - 1) + ".aside"));
        }
    }

    /** Where it puts them if its checkpoints are in no folder. */
    private Path deadLetters() {
        return temporary().resolve("solstice");
    }

    /** Of this process alone. */
    Path temporary() {
        return folder.resolve(name + ".tmp");
    }

    /** What it has left there, besides dead letters. */
    public List<String> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(temporary())) {
            return files.filter(file -> !file.equals(deadLetters()))
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** The folders of stores of tasks that it has left. */
    public List<String> stores() throws IOException {
        Path state = data().resolve("state");
        if (!Files.isDirectory(state)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(state, 2)) {
            return files.map(state::relativize)
                    .filter(file -> file.getNameCount() == 2)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    Path data() {
        return folder.resolve(name);
    }

    /** Of the newest process of that name. */
    public Path log() {
        return folder.resolve(name + "." + starts + ".log");
    }

    private String text() {
        try {
            return Files.readString(log());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Waits until it says that it is up. Returns its address. */
    String awaitAddress() throws InterruptedException {
        boolean up = Wait.until(LIMIT, () -> !isAlive() || UP.matcher(text()).find());
        Matcher line = UP.matcher(text());
        if (!up || !line.find()) {
            throw new IllegalStateException(name + " did not come up:\n" + text());
        }
        return line.group(1);
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    public long pid() {
        return process().pid();
    }

    /** Whether it has ended with that exit status. */
    public boolean hasEnded(int code) {
        return process != null && !process.isAlive() && process.exitValue() == code;
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }

    /** Sends a signal by its name, for example KILL. */
    public void signal(String signal) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-" + signal, Long.toString(process().pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException(name + " could not be sent " + signal);
        }
    }

    /** The state letter of the kernel, T for a stopped process; a space if there is none. */
    public char state() throws IOException {
        Path stat = Path.of("/proc", Long.toString(process().pid()), "stat");
        if (!Files.exists(stat)) {
            return ' ';
        }
        String line = Files.readString(stat);
        // The name before it is in parentheses and may hold anything.
        return line.charAt(line.lastIndexOf(')') + 2);
    }

    /** Waits for its end. Returns its exit status, or -1 if it goes on. */
    public int exitCode(Duration limit) throws InterruptedException {
        boolean ended = process().waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        return ended ? process().exitValue() : -1;
    }

    /** Ends it as it asks to be ended, and by force if that takes too long. Returns its exit status. */
    int stop(Duration limit) throws InterruptedException {
        if (process == null) {
            return 0;
        }
        process.destroy();
        int code = exitCode(limit);
        if (code < 0) {
            end();
        }
        return code;
    }

    /** Ends it by force, whatever it does. */
    void end() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        }
    }
}
