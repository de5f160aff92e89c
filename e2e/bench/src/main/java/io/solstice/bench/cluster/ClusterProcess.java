package io.solstice.bench.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A master or a worker, started in the foreground by its command. Its log is in a file beside its data. */
final class ClusterProcess implements AutoCloseable {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_TICKS = 11;
    /** Of all generations, whatever collector it is, and not of the metaspace. */
    private static final Pattern HEAP_USED = Pattern.compile("(?m)^.*(?:generation|heap) .*used (\\d+)K");

    private final Process process;
    private final Path ready;
    private final Path log;
    private final long begun;

    private ClusterProcess(Process process, Path ready, Path log, long begun) {
        this.process = process;
        this.ready = ready;
        this.log = log;
        this.begun = begun;
    }

    /** @param folder of this process alone */
    static ClusterProcess start(Path home, String command, Path folder, List<String> options) throws IOException {
        Files.createDirectories(folder);
        Path ready = folder.resolve("ready");
        Path log = folder.resolve("log");
        ProcessBuilder builder = builder(home, command, folder, options, log);
        builder.environment().put("SOLSTICE_READY_FILE", ready.toString());
        long begun = System.nanoTime();
        return new ClusterProcess(builder.start(), ready, log, begun);
    }

    /** Makes the archives of loaded classes: those of jars that were built again since are of no use. */
    static void archive(Path home) throws IOException, InterruptedException {
        Process making = new ProcessBuilder(home.resolve("bin/solstice").toString(), "archive")
                .redirectErrorStream(true)
                .start();
        String said = new String(making.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (making.waitFor() != 0) {
            throw new IllegalStateException("no archives of classes were made:\n" + said);
        }
    }

    private static ProcessBuilder builder(Path home, String command, Path folder, List<String> options, Path log) {
        List<String> words =
                new ArrayList<>(List.of(home.resolve("bin").resolve(command).toString()));
        words.addAll(List.of(
                "--config",
                "/dev/null",
                "--port",
                "0",
                "--data-dir",
                folder.resolve("data").toString()));
        words.addAll(options);
        return new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
    }

    /** Waits until it says that it is up. Returns its address. */
    String awaitAddress() throws IOException {
        while (!Files.exists(ready)) {
            pause();
        }
        return Files.readAllLines(ready).get(1);
    }

    /** A moment, in a wait for this process. Throws if the process has ended, or is waited for too long. */
    void pause() throws IOException {
        if (!process.isAlive() || System.nanoTime() - begun > LIMIT_NANOS) {
            throw new IllegalStateException("a process of the cluster did not come up:\n" + Files.readString(log));
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    double secondsSinceStart() {
        return (System.nanoTime() - begun) / 1e9;
    }

    /** Processor seconds so far; the class archive and the JIT make this differ more than anything else. */
    double cpuSeconds() throws IOException {
        String line = Files.readString(proc("stat"));
        // The name before it is in parentheses and may hold anything.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1])) / TICKS_PER_SECOND;
    }

    long pid() {
        return process.pid();
    }

    /** Ends it at once, without a word to anybody. */
    void kill() {
        process.destroyForcibly();
    }

    double rssMegabytes() throws IOException {
        for (String line : Files.readAllLines(proc("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        return -1;
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    /** What is in use after a full collection. */
    double heapMegabytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        Matcher used = HEAP_USED.matcher(jcmd("GC.heap_info"));
        double kilobytes = 0;
        while (used.find()) {
            kilobytes += Long.parseLong(used.group(1));
        }
        return kilobytes / 1024;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asking = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        String answer = new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (asking.waitFor() != 0) {
            throw new IllegalStateException(command + " failed: " + answer);
        }
        return answer;
    }

    /** Ends it and waits for that. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
