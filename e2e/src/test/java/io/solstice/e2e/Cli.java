package io.solstice.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts {@code bin/solstice} of the distribution as a process of its own, in a folder of its own. */
record Cli(Path folder) {
    private static final Path HOME = Path.of(System.getProperty("solstice.home", "target/solstice"));
    private static final long LIMIT_SECS = 120;

    /** What a process left. */
    record Ended(int code, String out, String err) {}

    Ended run(String... arguments) throws IOException, InterruptedException {
        return end(start(arguments));
    }

    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(HOME.toAbsolutePath().resolve("bin/solstice") + ""));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().put("SOLSTICE_JAVA_OPTS", "-Xmx512m -XX:TieredStopAtLevel=1");
        return builder.start();
    }

    Ended end(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_SECS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + LIMIT_SECS + " s:\n" + text("stderr"));
        }
        return new Ended(process.exitValue(), text("stdout"), text("stderr"));
    }

    String text(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    List<String> lines(String file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(folder.resolve(file))) {
            return reader.lines().toList();
        }
    }

    Path write(String file, String text) throws IOException {
        return Files.writeString(folder.resolve(file), text);
    }
}
