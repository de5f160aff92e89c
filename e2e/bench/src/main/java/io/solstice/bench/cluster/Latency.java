package io.solstice.bench.cluster;

import io.solstice.bench.measure.Folders;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How long an event of a steady stream takes through a count by key, in this process and on two workers. */
public final class Latency {
    /** Until the compilers have done the most: they take the two cores from the tasks for some ms at a time. */
    private static final int WARM_SECONDS = 20;
    private static final int MOST_TASKS = 2;

    private final Path home;
    private final int rounds;
    private final int seconds;
    private final Predicate<String> wantsSystem;
    private final PrintStream out;
    private final List<String> lines = new ArrayList<>();
    private int made;

    public Latency(Path home, int rounds, boolean quick, Predicate<String> wantsSystem, PrintStream out) {
        this.home = home;
        this.rounds = rounds;
        this.seconds = quick ? 10 : 30;
        this.wantsSystem = wantsSystem;
        this.out = out;
    }

    /** @param wanted chooses among none and each-1s */
    public void run(Predicate<String> wanted) throws Exception {
        Path folder = Files.createTempDirectory("solstice-bench");
        try {
            Systems.each(new TimedCounts(), home, wantsSystem, (system, jobs) -> run(system, wanted, folder, jobs));
        } finally {
            Folders.delete(folder);
        }
        out.printf(
                "from due to counted, microseconds, at %d events a second%n%-18s %-10s %4s %6s %8s %8s %8s %8s%n",
                (long) TimedCounts.EVENTS_PER_SECOND,
                "system",
                "variant",
                "par",
                "round",
                "p50",
                "p90",
                "p99",
                "p99.9");
        lines.forEach(out::println);
    }

    private void run(String system, Predicate<String> wanted, Path folder, Systems.Submitting jobs) throws Exception {
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<String, Double> variant : new TreeMap<>(Map.of("none", 0.0, "each-1s", 1.0)).entrySet()) {
                // One task would not be on two workers.
                int least = system.equals(Systems.EMBEDDED) ? 1 : MOST_TASKS;
                for (int parallelism = least;
                        wanted.test(variant.getKey()) && parallelism <= MOST_TASKS;
                        parallelism++) {
                    TreeMap<Long, Long> times = times(parallelism, variant.getValue(), folder, jobs);
                    print(system, variant.getKey(), parallelism, round, times);
                }
            }
        }
    }

    private TreeMap<Long, Long> times(int parallelism, double interval, Path folder, Systems.Submitting jobs)
            throws Exception {
        Path own = Files.createDirectory(folder.resolve("job-" + ++made));
        jobs.submit(TimedCounts.context("latency-" + made, parallelism, seconds, WARM_SECONDS, interval, own))
                .await();
        TreeMap<Long, Long> times = TimedCounts.read(own, parallelism);
        Folders.delete(own);
        return times;
    }

    private static long at(double part, TreeMap<Long, Long> times) {
        long all = times.values().stream().mapToLong(Long::longValue).sum();
        long seen = 0;
        for (Map.Entry<Long, Long> time : times.entrySet()) {
            seen += time.getValue();
            if (seen >= part * all) {
                return time.getKey();
            }
        }
        throw new IllegalStateException("no event has been counted");
    }

    private void print(String system, String variant, int parallelism, int round, TreeMap<Long, Long> times)
            throws IOException {
        long[] shown = {at(0.5, times), at(0.9, times), at(0.99, times), at(0.999, times)};
        out.printf(
                Locale.ROOT,
                "{\"system\":\"%s\",\"query\":\"latency\",\"variant\":\"%s\",\"par\":%d,\"round\":%d,\"p50_us\":%d,\"p90_us\":%d,"
                        + "\"p99_us\":%d,\"p999_us\":%d,\"load\":%s}%n",
                system,
                variant,
                parallelism,
                round,
                shown[0],
                shown[1],
                shown[2],
                shown[3],
                ClusterSuite.load());
        lines.add(String.format(
                Locale.ROOT,
                "%-18s %-10s %4d %6d %8d %8d %8d %8d",
                system,
                variant,
                parallelism,
                round,
                shown[0],
                shown[1],
                shown[2],
                shown[3]));
    }
}
