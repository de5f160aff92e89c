package io.solstice.bench.state;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.bench.measure.Folders;
import io.solstice.bench.measure.Percentiles;
import io.solstice.bench.measure.Usage;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A hundred bytes for each of some million keys: how long the first checkpoint takes, the next ones while keys change, the
 * way back after a task has failed, and the way to another number of tasks.
 */
public final class StateSuite {
    private static final int TASKS = 2;
    private static final long CHANGES = 20_000;
    private static final double CHANGES_PER_SECOND = CHANGES;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final long keys;
    private final int rounds;
    private final PrintStream out;
    private final Path folder;

    public StateSuite(long keys, int rounds, PrintStream out) throws Exception {
        this.keys = keys;
        this.rounds = rounds;
        this.out = out;
        this.folder = Files.createTempDirectory("solstice-bench");
    }

    public void run() throws Exception {
        try {
            String savepoint = one();
            List<Integer> parallelisms = List.of(TASKS, TASKS + 1);
            Map<Integer, List<Spent>> spent = new TreeMap<>();
            for (int i = 0; i < rounds; i++) {
                for (int tasks : parallelisms) {
                    spent.computeIfAbsent(tasks, none -> new ArrayList<>()).add(restore(tasks, savepoint));
                }
            }
            spent.forEach(this::print);
        } finally {
            Folders.delete(folder);
        }
    }

    private String one() throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            Usage.resetPeak();
            Touches touches = new Touches();
            long started = System.nanoTime();
            Running running = new Running(engine.submit(job(touches, TASKS)), touches);
            running.await(() -> touches.fresh() >= keys);
            print("load", millisSince(started));
            print("first checkpoint", timed(running.handle::triggerCheckpoint));
            String savepoint = changes(running);
            out.printf(Locale.ROOT, "%-50s %8d MB%n", "most memory of the process", Usage.peakRssMegabytes());
            return savepoint;
        }
    }

    private String changes(Running running) throws InterruptedException {
        List<Long> checkpoints = new ArrayList<>();
        for (int i = 0; i < 5 * rounds; i++) {
            running.rows(CHANGES);
            checkpoints.add(timed(running.handle::triggerCheckpoint));
        }
        print(
                "checkpoint after " + CHANGES + " changes, p50",
                Percentiles.of(checkpoints).at(50));
        print(
                "checkpoint after " + CHANGES + " changes, most",
                Percentiles.of(checkpoints).at(100));
        List<Long> recoveries = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            running.touches.failOnce();
            running.await(running.touches::hasFailed);
            recoveries.add(timed(() -> running.await(running.touches::hasRecovered)));
            running.rows(CHANGES);
        }
        print(
                "first row after a task has failed, p50",
                Percentiles.of(recoveries).at(50));
        print(
                "first row after a task has failed, most",
                Percentiles.of(recoveries).at(100));
        String savepoint = running.handle.stopWithSavepoint();
        running.handle.await();
        return savepoint;
    }

    /** Until the first row, and the processor time of the whole process meanwhile. */
    private record Spent(long millis, long cpuMillis) {}

    private void print(int tasks, List<Spent> all) {
        Percentiles millis = Percentiles.of(all.stream().map(Spent::millis).toList());
        Percentiles cpu = Percentiles.of(all.stream().map(Spent::cpuMillis).toList());
        String what = "first row of " + tasks + " tasks that begin with it, ";
        print(what + "p50", millis.at(50));
        print(what + "most", millis.at(100));
        print("  processor time of that, p50", cpu.at(50));
    }

    /** In an engine of its own, which has nothing in memory yet. */
    private Spent restore(int tasks, String savepoint) throws Exception {
        try (Solstice engine = Solstice.embedded()) {
            Touches touches = new Touches();
            Running running = new Running(engine.submit(job(touches, tasks), savepoint), touches);
            long cpu = Usage.cpuMillis();
            long millis = timed(() -> running.rows(1));
            Spent spent = new Spent(millis, Usage.cpuMillis() - cpu);
            running.rows(CHANGES);
            if (touches.fresh() > 0) {
                throw new IllegalStateException(touches.fresh() + " keys have been lost");
            }
            running.handle.cancel();
            running.handle.await();
            return spent;
        }
    }

    private record Running(JobHandle handle, Touches touches) {
        /** So many more rows of keys that are known. */
        void rows(long more) {
            long until = touches.known() + more;
            await(() -> touches.known() >= until);
        }

        void await(BooleanSupplier condition) {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("nothing goes on: " + handle.getStatus());
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private Job job(Touches touches, int tasks) {
        return new Job("keys")
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .checkpointIntervalSecs(TimeUnit.HOURS.toSeconds(1))
                .addStage(Stage.source("updates", () -> new Updates(keys, TASKS, CHANGES_PER_SECOND))
                        .parallelism(TASKS))
                .addStage(Stage.of("by", KeyByOperator.columns("key")).parallelism(TASKS), "updates")
                .addStage(Stage.operator("state", () -> new Touching(touches)).parallelism(tasks), "by")
                .addStage(Stage.sink("nowhere", Nowhere::new).parallelism(tasks), "state");
    }

    private static long timed(Runnable what) {
        long started = System.nanoTime();
        what.run();
        return millisSince(started);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private void print(String what, long millis) {
        out.printf(Locale.ROOT, "%-50s %8d ms%n", what, millis);
    }
}
