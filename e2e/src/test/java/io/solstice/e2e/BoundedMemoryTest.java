package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedMemoryTest {
    private static final int HEAP_MIB = 40;
    private static final long ROWS = 10L * HEAP_MIB * (1 << 20) / 40;

    /** A table ten times the heap; memory outside the heap is bounded too, by far less than the table. */
    @Test
    void aTableTenTimesTheHeapStreamsThrough(@TempDir Path folder) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Xmx" + HEAP_MIB + "m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BigTable.class.getName(),
                folder.toString(),
                Long.toString(ROWS)));
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
        long peak = Long.parseLong(lines.get(lines.size() - 1));
        assertThat(peak).isBetween(1L, 1200L);
    }
}
