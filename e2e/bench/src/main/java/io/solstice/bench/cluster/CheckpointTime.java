package io.solstice.bench.cluster;

import io.solstice.api.JobHandle;
import io.solstice.bench.cluster.TimedCheckpoints.Shape;
import io.solstice.bench.engine.CheckpointWatch;
import io.solstice.bench.measure.Folders;
import io.solstice.bench.measure.Percentiles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * How long checkpoints with little state take, from the order until the output is published, in this process and on two
 * workers: while files are written, and while a sink is slow.
 */
public final class CheckpointTime {
    private static final long TARGET_MILLIS = 200;
    /** Shorter than any checkpoint with its files. */
    private static final Duration LOOKS = Duration.ofMillis(2);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Path home;
    private final boolean quick;
    private final Predicate<String> wantsSystem;
    private final PrintStream out;
    private final List<String> lines = new ArrayList<>();
    private int made;

    /** @param checkpoints to wait for, and the seconds after which that is given up */
    private record Pace(String name, double seconds, int checkpoints, int limitSeconds) {}

    public CheckpointTime(Path home, boolean quick, Predicate<String> wantsSystem, PrintStream out) {
        this.home = home;
        this.quick = quick;
        this.wantsSystem = wantsSystem;
        this.out = out;
    }

    /** @param wanted chooses among files, files-exchange, slow and slow-exchange */
    public void run(Predicate<String> wanted) throws Exception {
        Path folder = Files.createTempDirectory("solstice-bench");
        try {
            Systems.each(
                    new TimedCheckpoints(), home, wantsSystem, (system, jobs) -> run(system, wanted, folder, jobs));
        } finally {
            Folders.delete(folder);
        }
        out.printf(
                "checkpoints with little state, ms, target p99 < %d%n%-18s %-24s %6s %6s %6s %6s %6s%n",
                TARGET_MILLIS, "system", "variant", "count", "failed", "p50", "p99", "most");
        lines.forEach(out::println);
    }

    /** The first run of each, of a few checkpoints, only warms up. */
    private void run(String system, Predicate<String> wanted, Path folder, Systems.Submitting jobs) throws Exception {
        List<Pace> paces = List.of(
                new Pace("100ms", 0.1, quick ? 30 : 200, quick ? 20 : 120),
                new Pace("1s", 1, quick ? 10 : 60, quick ? 20 : 120));
        Pace warm = new Pace("warm", 0.1, 10, 10);
        for (Shape shape : Shape.values()) {
            if (wanted.test(shape.toString())) {
                run(shape, warm, folder, jobs);
                for (Pace pace : paces) {
                    String variant = shape + "-" + pace.name;
                    print(system, variant, run(shape, pace, folder, jobs));
                }
            }
        }
    }

    private record Times(Percentiles millis, int failed) {}

    private Times run(Shape shape, Pace pace, Path folder, Systems.Submitting jobs) throws Exception {
        Path own = folder.resolve("job-" + ++made);
        JobHandle job = jobs.submit(TimedCheckpoints.context("checkpoints-" + made, shape, pace.seconds, own));
        CheckpointWatch watch = new CheckpointWatch(job, LOOKS);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(pace.limitSeconds);
        while (watch.seen() < pace.checkpoints && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE_NANOS);
            if (!job.getStatus().isRunning()) {
                job.await();
            }
        }
        List<Long> millis = watch.end();
        Times times =
                new Times(Percentiles.of(millis), job.getStatus().checkpoints().failedCheckpoints());
        job.cancel();
        job.await();
        Folders.delete(own);
        if (millis.isEmpty()) {
            throw new IllegalStateException(shape + " completed no checkpoint in " + pace.limitSeconds + " s");
        }
        return times;
    }

    private void print(String system, String variant, Times times) throws IOException {
        Percentiles millis = times.millis;
        out.printf(
                Locale.ROOT,
                "{\"system\":\"%s\",\"query\":\"checkpoint-time\",\"variant\":\"%s\",\"checkpoints\":%d,\"failed\":%d,"
                        + "\"p50_ms\":%d,\"p99_ms\":%d,\"max_ms\":%d,\"load\":%s}%n",
                system,
                variant,
                millis.count(),
                times.failed,
                millis.at(50),
                millis.at(99),
                millis.at(100),
                ClusterSuite.load());
        lines.add(String.format(
                Locale.ROOT,
                "%-18s %-24s %6d %6d %6d %6d %6d",
                system,
                variant,
                millis.count(),
                times.failed,
                millis.at(50),
                millis.at(99),
                millis.at(100)));
    }
}
