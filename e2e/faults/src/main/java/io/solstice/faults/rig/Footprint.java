package io.solstice.faults.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a process takes of its machine.
 *
 * @param files that are open, sockets among them
 * @param kib that are resident in memory
 */
public record Footprint(int files, int threads, long kib) {
    /** Of a process by its number, as the kernel tells it. */
    public static Footprint of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            List<String> status = Files.readAllLines(process.resolve("status"));
            return new Footprint((int) open.count(), (int) number(status, "Threads:"), number(status, "VmRSS:"));
        }
    }

    private static long number(List<String> status, String name) throws IOException {
        for (String line : status) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("the kernel does not tell " + name);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d files, %d threads, %d MiB", files, threads, kib >> 10);
    }
}
