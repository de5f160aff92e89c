package io.solstice.bench.cluster;

import io.solstice.api.JobHandle;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.bench.measure.Folders;
import io.solstice.bench.state.MovingState;
import io.solstice.bench.state.Seen;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A large state by key on one worker process, which is killed after a checkpoint: how long it takes until its tasks run on
 * another worker, which had nothing to do before, and until all of them have handled a row there.
 */
public final class StateMove {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long TARGET_MILLIS = 5_000;
    /** So many rows must come afterwards, each of a key that is known. */
    private static final long ROWS_AFTER = 40_000;

    private final Path home;
    private final long keys;
    private final int rounds;
    private final PrintStream out;
    private final Map<String, List<Long>> figures = new LinkedHashMap<>();

    public StateMove(Path home, long keys, int rounds, PrintStream out) {
        this.home = home;
        this.keys = keys;
        this.rounds = rounds;
        this.out = out;
    }

    public void run() throws Exception {
        Path folder = Files.createTempDirectory("solstice-bench");
        try (Cluster cluster = Cluster.start(home);
                SolsticeClient client = cluster.connect()) {
            cluster.addWorker();
            for (int round = 1; round <= rounds; round++) {
                Path own = Files.createDirectory(folder.resolve("round-" + round));
                JobHandle job = client.submit(MovingState.class, MovingState.context("moving-" + round, keys, own));
                new Round(cluster, job, own).run();
                job.cancel();
                job.await();
                Folders.delete(own);
            }
        } finally {
            Folders.delete(folder);
        }
        print();
    }

    /** Whether something has come about. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    private final class Round {
        private final Cluster cluster;
        private final JobHandle job;
        private final Path folder;
        private final ClusterProcess before;

        Round(Cluster cluster, JobHandle job, Path folder) {
            this.cluster = cluster;
            this.job = job;
            this.folder = folder;
            this.before = last();
        }

        private ClusterProcess last() {
            return cluster.workers().get(cluster.workers().size() - 1);
        }

        void run() throws IOException {
            await(() -> seen(before).size() == MovingState.TASKS && fresh(before) >= keys);
            note("checkpoint before, ms", timed(job::triggerCheckpoint));
            note("memory of the worker that has it, MB", (long) before.rssMegabytes());
            cluster.addWorker();
            ClusterProcess after = last();
            int lost = cluster.workers().size() - 1;
            // It makes its classes ready after it is listed.
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
            double cpu = after.cpuSeconds();
            long killed = now();
            before.kill();
            await(() -> !cluster.lists(Cluster.workerName(lost)));
            note("until the master knows that the worker is lost, ms", millisSince(killed));
            await(() -> cluster.allRun(job.jobId(), Cluster.workerName(lost + 1)));
            note("until all tasks are on the other worker, ms", millisSince(killed));
            await(() -> seen(after).size() == MovingState.TASKS);
            note("  processor time of the other worker until then, ms", (long) (1e3 * (after.cpuSeconds() - cpu)));
            note(
                    "until the first row on the other worker, ms",
                    first(after, killed).get(0));
            note(
                    "until the first row of each task there, ms",
                    first(after, killed).get(MovingState.TASKS - 1));
            await(() -> seen(after).stream().mapToLong(Seen.Task::rows).sum() >= ROWS_AFTER);
            note("memory of the other worker, MB", (long) after.rssMegabytes());
            if (fresh(after) > 0) {
                throw new IllegalStateException(fresh(after) + " keys have been lost");
            }
        }

        private List<Seen.Task> seen(ClusterProcess worker) throws IOException {
            return Seen.read(folder, worker.pid());
        }

        private long fresh(ClusterProcess worker) throws IOException {
            return seen(worker).stream().mapToLong(Seen.Task::fresh).sum();
        }

        private List<Long> first(ClusterProcess worker, long since) throws IOException {
            return seen(worker).stream()
                    .map(task -> TimeUnit.MICROSECONDS.toMillis(task.firstMicros() - since))
                    .sorted()
                    .toList();
        }

        private void await(Condition condition) throws IOException {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!condition.holds()) {
                if (System.nanoTime() > deadline || !job.getStatus().isRunning()) {
                    throw new IllegalStateException("nothing goes on: " + job.getStatus());
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private static long millisSince(long micros) {
        return TimeUnit.MICROSECONDS.toMillis(now() - micros);
    }

    private static long timed(Runnable what) {
        long begun = now();
        what.run();
        return millisSince(begun);
    }

    private void note(String name, long value) throws IOException {
        figures.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
        out.printf(
                Locale.ROOT,
                "{\"system\":\"solstice-cluster\",\"query\":\"state-move\",\"variant\":\"%s\",\"value\":%d,\"load\":%s}%n",
                name.strip(),
                value,
                ClusterSuite.load());
    }

    private void print() {
        out.printf("%d keys of 100 bytes that move to another worker, target < %d ms%n", keys, TARGET_MILLIS);
        out.printf("%-60s %8s %8s %8s%n", "", "median", "least", "most");
        figures.forEach((name, values) -> {
            List<Long> sorted = values.stream().sorted().toList();
            out.printf(
                    "%-60s %8d %8d %8d%n",
                    name, sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
        });
    }
}
