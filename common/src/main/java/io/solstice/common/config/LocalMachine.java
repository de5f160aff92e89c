package io.solstice.common.config;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Asks the JVM, the device files and, where there are none, NVIDIA's own command. */
final class LocalMachine implements Machine {
    private static final Pattern GPU_DEVICE = Pattern.compile("nvidia\\d+");
    private static final long COMMAND_LIMIT_SECS = 5;

    private final Map<String, String> environment;

    LocalMachine(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public int cpus() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public long memoryBytes() {
        // Knows the limits of containers, which /proc/meminfo does not.
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    @Override
    public int gpus() {
        int present = gpuDevices();
        if (present == 0) {
            present = gpusListedByCommand();
        }
        String visible = environment.get("CUDA_VISIBLE_DEVICES");
        return visible == null
                ? present
                : Math.min(present, visibleDevices(visible).size());
    }

    @Override
    public List<String> gpuIds() {
        List<String> visible = visibleDevices(environment.getOrDefault("CUDA_VISIBLE_DEVICES", ""));
        return IntStream.range(0, gpus())
                .mapToObj(i -> visible.isEmpty() ? String.valueOf(i) : visible.get(i))
                .toList();
    }

    /** CUDA sees the devices of the list up to the first that it cannot know. */
    static List<String> visibleDevices(String list) {
        return Stream.of(list.split(","))
                .map(String::strip)
                .takeWhile(device -> !device.isEmpty() && !device.startsWith("-"))
                .toList();
    }

    private static int gpuDevices() {
        String[] devices =
                new File("/dev").list((folder, name) -> GPU_DEVICE.matcher(name).matches());
        return devices == null ? 0 : devices.length;
    }

    /** Where devices have no such files, as below Windows' subsystem for Linux. */
    private int gpusListedByCommand() {
        boolean installed = Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> !folder.isEmpty() && new File(folder, "nvidia-smi").canExecute());
        if (!installed) {
            return 0;
        }
        try {
            Path listing = Files.createTempFile("solstice-gpus", ".txt");
            try {
                Process command = new ProcessBuilder("nvidia-smi", "-L")
                        .redirectOutput(listing.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (!command.waitFor(COMMAND_LIMIT_SECS, TimeUnit.SECONDS)) {
                    command.destroyForcibly();
                    return 0;
                }
                try (Stream<String> lines = Files.lines(listing)) {
                    return (int) lines.filter(line -> line.startsWith("GPU ")).count();
                }
            } finally {
                Files.delete(listing);
            }
        } catch (IOException unusable) {
            return 0;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    @Override
    public String hostName() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return name.isEmpty() ? namedByEnvironment() : name;
        } catch (IOException notLinux) {
            return namedByEnvironment();
        }
    }

    private String namedByEnvironment() {
        String name = environment.getOrDefault("HOSTNAME", environment.getOrDefault("COMPUTERNAME", ""));
        return name.isEmpty() ? "localhost" : name;
    }
}
