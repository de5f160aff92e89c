package io.solstice.bench.cluster;

import com.sun.management.OperatingSystemMXBean;
import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.bench.engine.NexmarkWorkflow;
import io.solstice.bench.nexmark.Expectation;
import io.solstice.bench.nexmark.Query;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * One workflow on two workers in processes of their own and on the engine in this process, by turns. Each run is a short
 * and a long job: what an event costs is the difference divided by the events that the long one has more. So the start
 * of a job does not count, nor does the compilation of its code as far as it is over when the short one ends: a worker
 * compiles it for each job anew, since each has classes of its own.
 */
public final class ClusterNexmark {
    private static final int WORKERS = 2;
    private static final long SEED = 42;
    private static final long MILLION = 1_000_000;
    private static final int LONG_TO_SHORT = 5;
    private static final String EMBEDDED = "solstice";
    private static final String CLUSTER = "solstice-cluster";
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Path home;
    private final int rounds;
    private final boolean quick;
    private final PrintStream out;
    private final Expectation expectation = new Expectation();
    private final Map<String, List<Cost>> costs = new LinkedHashMap<>();
    private int jobs;

    /** What is run, and how many events the short job has. */
    private record Task(String name, Query query, String variant, long millions) {}

    private static final List<Task> TASKS = List.of(
            new Task("q0", Query.Q0, "expr", 40),
            new Task("q1", Query.Q1, "expr", 40),
            new Task("q2", Query.Q2, "expr", 40),
            new Task("q0-exchange", Query.Q0, "exchange", 10),
            new Task("q0-hash", Query.Q0, "hash", 4));

    /** Of one job. */
    private record Spent(double seconds, double cpuSeconds) {}

    /** @param startSeconds of a job, before and after its events */
    private record Cost(double nanos, double cpuNanos, double startSeconds, double startCpuSeconds) {
        static Cost of(Spent few, long fewEvents, Spent many, long manyEvents) {
            double nanos = (many.seconds - few.seconds) * 1e9 / (manyEvents - fewEvents);
            double cpuNanos = (many.cpuSeconds - few.cpuSeconds) * 1e9 / (manyEvents - fewEvents);
            return new Cost(
                    nanos,
                    cpuNanos,
                    few.seconds - nanos * fewEvents / 1e9,
                    few.cpuSeconds - cpuNanos * fewEvents / 1e9);
        }
    }

    /** Where jobs run. */
    private interface Engine {
        JobHandle submit(JobContext context);

        double cpuSeconds() throws IOException;

        /** Looks at a job that has been submitted. */
        default void look(JobHandle job) {}
    }

    public ClusterNexmark(Path home, int rounds, boolean quick, PrintStream out) {
        this.home = home;
        this.rounds = rounds;
        this.quick = quick;
        this.out = out;
    }

    /** @param wanted chooses among q0, q1, q2, q0-exchange and q0-hash */
    public void run(Predicate<String> wanted) throws Exception {
        Path folder = Files.createTempDirectory("solstice-bench");
        try (Cluster cluster = Cluster.start(home);
                SolsticeClient client = cluster.connect();
                Solstice embedded = Solstice.embedded()) {
            for (int i = 0; i < WORKERS; i++) {
                cluster.addWorker();
            }
            Map<String, Engine> engines = new LinkedHashMap<>();
            engines.put(EMBEDDED, new InThisProcess(embedded));
            engines.put(CLUSTER, new OnWorkers(cluster, client, out));
            for (Task task : TASKS) {
                if (wanted.test(task.name)) {
                    run(task, engines, folder.resolve("result"));
                }
            }
        } finally {
            Files.delete(folder);
        }
        print();
    }

    /** The round before the first one warms both up, and is not counted. */
    private void run(Task task, Map<String, Engine> engines, Path result) throws Exception {
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, Engine> engine : engines.entrySet()) {
                Cost cost = cost(task, engine.getValue(), result);
                if (round > 0) {
                    costs.computeIfAbsent(task.name + " " + engine.getKey(), first -> new ArrayList<>())
                            .add(cost);
                    printLine(task, engine.getKey(), cost);
                }
            }
        }
    }

    private Cost cost(Task task, Engine engine, Path result) throws Exception {
        long few = task.millions * MILLION / (quick ? 4 : 1);
        long many = few * LONG_TO_SHORT;
        return Cost.of(spent(task, few, engine, result), few, spent(task, many, engine, result), many);
    }

    private Spent spent(Task task, long events, Engine engine, Path result) throws Exception {
        JobContext context =
                NexmarkWorkflow.context("nexmark-" + ++jobs, task.query, task.variant, SEED, events, WORKERS, result);
        System.gc();
        double cpu = engine.cpuSeconds();
        long begun = System.nanoTime();
        JobHandle job = engine.submit(context);
        engine.look(job);
        job.await();
        Spent spent = new Spent((System.nanoTime() - begun) / 1e9, engine.cpuSeconds() - cpu);
        expectation.check(task.query, SEED, events, WORKERS, false, NexmarkWorkflow.result(result));
        Files.delete(result);
        return spent;
    }

    private record InThisProcess(Solstice solstice) implements Engine {
        @Override
        public JobHandle submit(JobContext context) {
            Job job = new NexmarkWorkflow().createJob(context);
            return solstice.submit(job);
        }

        @Override
        public double cpuSeconds() {
            return PROCESS.getProcessCpuTime() / 1e9;
        }
    }

    private static final class OnWorkers implements Engine {
        private final Cluster cluster;
        private final SolsticeClient client;
        private final PrintStream out;
        private final Set<String> placements = new HashSet<>();

        OnWorkers(Cluster cluster, SolsticeClient client, PrintStream out) {
            this.cluster = cluster;
            this.client = client;
            this.out = out;
        }

        @Override
        public JobHandle submit(JobContext context) {
            return client.submit(NexmarkWorkflow.class, context);
        }

        @Override
        public double cpuSeconds() throws IOException {
            return cluster.workersCpuSeconds();
        }

        /** A job on one worker alone would say nothing about two. */
        @Override
        public void look(JobHandle job) {
            Map<String, List<String>> placed = cluster.tasks(job.jobId());
            if (placed.size() != WORKERS) {
                throw new IllegalStateException("a job is not on all workers: " + placed);
            }
            String placement = placed.toString().replace(job.jobId() + "/", "");
            if (placements.add(placement)) {
                out.println(
                        "{\"system\":\"" + CLUSTER + "\",\"query\":\"q-cluster\",\"placement\":\"" + placement + "\"}");
            }
        }
    }

    private void printLine(Task task, String system, Cost cost) throws IOException {
        out.printf(
                Locale.ROOT,
                "{\"system\":\"%s\",\"query\":\"q-cluster\",\"variant\":\"%s\",\"par\":%d,\"ns_per_event\":%.2f,"
                        + "\"cpu_ns_per_event\":%.2f,\"start_s\":%.3f,\"start_cpu_s\":%.3f,\"load\":%s}%n",
                system,
                task.name,
                WORKERS,
                cost.nanos,
                cost.cpuNanos,
                cost.startSeconds,
                cost.startCpuSeconds,
                ClusterSuite.load());
    }

    private void print() {
        out.println("on two workers and embedded, medians: ns and processor ns an event (x embedded),"
                + " seconds and processor seconds of a start");
        costs.forEach((name, runs) -> {
            List<Cost> embedded = costs.getOrDefault(name.split(" ")[0] + " " + EMBEDDED, List.of());
            out.printf(
                    Locale.ROOT,
                    "%-30s %8.2f (%.2f) %8.2f (%.2f) %8.3f %8.3f%n",
                    name,
                    median(runs, Cost::nanos),
                    median(runs, Cost::nanos) / median(embedded, Cost::nanos),
                    median(runs, Cost::cpuNanos),
                    median(runs, Cost::cpuNanos) / median(embedded, Cost::cpuNanos),
                    median(runs, Cost::startSeconds),
                    median(runs, Cost::startCpuSeconds));
        });
    }

    private static double median(List<Cost> runs, ToDoubleFunction<Cost> figure) {
        List<Double> sorted = runs.stream().map(figure::applyAsDouble).sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
