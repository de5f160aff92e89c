package io.solstice.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process and the machine have used so far.
 *
 * @param cpuNanos processor time of all threads of this process, compiler and garbage collector included
 * @param machineTicks hundredths of a second that the cores of the machine were busy, for whomever
 */
public record Usage(long nanos, long cpuNanos, long machineTicks) {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final double NANOS_PER_TICK = 10_000_000;

    static Usage now() {
        return new Usage(System.nanoTime(), SYSTEM.getProcessCpuTime(), busyTicks());
    }

    /** Processor time of all threads of this process so far. */
    public static long cpuMillis() {
        return SYSTEM.getProcessCpuTime() / 1_000_000;
    }

    double secondsSince(Usage earlier) {
        return (nanos - earlier.nanos) / 1e9;
    }

    long cpuNanosSince(Usage earlier) {
        return cpuNanos - earlier.cpuNanos;
    }

    /** Cores that other processes kept busy on average. */
    double otherCoresSince(Usage earlier) {
        double busy = (machineTicks - earlier.machineTicks) * NANOS_PER_TICK - cpuNanosSince(earlier);
        return Math.max(0, busy / (nanos - earlier.nanos));
    }

    /** The most memory that was resident since {@link #resetPeak}, or since the start where that is not permitted. */
    public static long peakRssMegabytes() {
        for (String line : lines("/proc/self/status")) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return -1;
    }

    public static void resetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException notPermitted) {
            // The peak then covers the runs before this one, too.
        }
    }

    private static long busyTicks() {
        String[] fields = lines("/proc/stat").iterator().next().trim().split("\\s+");
        long busy = 0;
        for (int i = 1; i <= 8; i++) {
            boolean idle = i == 4 || i == 5;
            busy += idle ? 0 : Long.parseLong(fields[i]);
        }
        return busy;
    }

    private static Iterable<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("this benchmark reads " + file + " and so needs Linux", unreadable);
        }
    }
}
