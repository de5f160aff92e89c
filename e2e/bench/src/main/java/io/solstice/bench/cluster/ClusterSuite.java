package io.solstice.bench.cluster;

import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.api.config.Config;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Starts a cluster of two workers several times, and runs small jobs on it through one client. */
public final class ClusterSuite {
    private static final int WORKERS = 2;
    private static final int LATER_JOBS = 20;
    private static final String FIRST_SUBMIT = "first job: submit to first row, s";
    private static final String LATER_SUBMIT = "later job: submit to first row, s";
    private static final Map<String, Double> TARGETS = Map.of(
            "master: start to serving, s",
            1.5,
            "worker: start to registered, s",
            2.0,
            FIRST_SUBMIT,
            1.0,
            LATER_SUBMIT,
            1.0);

    private final Path home;
    private final int rounds;
    private final PrintStream out;
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();
    private boolean counts;

    public ClusterSuite(Path home, int rounds, PrintStream out) {
        this.home = home;
        this.rounds = rounds;
        this.out = out;
    }

    /** The round before the first one warms this process's client up, and is not counted. */
    public void run() throws Exception {
        ClusterProcess.archive(home);
        for (int round = 0; round <= rounds; round++) {
            counts = round > 0;
            round();
        }
        print();
    }

    private void round() throws Exception {
        try (Cluster cluster = Cluster.start(home)) {
            note("master: start to serving, s", cluster.masterSeconds());
            note("master: processor time of that, s", cluster.master().cpuSeconds());
            for (int i = 0; i < WORKERS; i++) {
                note("worker: start to registered, s", cluster.addWorker());
                note(
                        "worker: processor time of that, s",
                        cluster.workers().get(i).cpuSeconds());
            }
            noteSizes("master", cluster.master());
            noteSizes("worker", cluster.workers().get(0));
            runJobs(cluster);
            note("master: resident after the jobs, MB", cluster.master().rssMegabytes());
            note("worker: resident after the jobs, MB", cluster.workers().get(0).rssMegabytes());
        }
    }

    private void noteSizes(String name, ClusterProcess process) throws IOException, InterruptedException {
        note(name + ": resident when idle, MB", process.rssMegabytes());
        note(name + ": heap in use when idle, MB", process.heapMegabytes());
    }

    private void runJobs(Cluster cluster) throws Exception {
        Path folder = Files.createTempDirectory("solstice-bench");
        try (SolsticeClient client = cluster.connect()) {
            client.jobs();
            for (int job = 0; job <= LATER_JOBS; job++) {
                Path file = folder.resolve("first-row");
                double cpuBefore = cluster.cpuSeconds();
                long begun = FirstRow.micros();
                JobHandle running = client.submit(
                        FirstRow.class,
                        JobContext.of("first-row-" + job)
                                .withConfig(Config.EMPTY.with(FirstRow.FILE, file.toString())));
                running.await();
                double ended = (FirstRow.micros() - begun) / 1e6;
                double first = (Long.parseLong(Files.readString(file)) - begun) / 1e6;
                Files.delete(file);
                note(job == 0 ? FIRST_SUBMIT : LATER_SUBMIT, first);
                String which = job == 0 ? "first job: " : "later job: ";
                note(which + "submit to FINISHED, s", ended);
                note(which + "processor time of all processes, s", cluster.cpuSeconds() - cpuBefore);
            }
        } finally {
            Files.delete(folder);
        }
    }

    private void note(String name, double value) throws IOException {
        if (!counts) {
            return;
        }
        figures.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
        out.printf(
                Locale.ROOT,
                "{\"system\":\"solstice\",\"query\":\"cluster\",\"variant\":\"%s\",\"value\":%.4f,\"load\":%s}%n",
                name,
                value,
                load());
    }

    /** Processes that wanted to run in the last minute, on average. */
    static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    private void print() throws IOException {
        out.printf("a cluster of processes, load %s: %34s %8s %8s %8s%n", load(), "median", "least", "most", "target");
        figures.forEach((name, values) -> {
            List<Double> sorted = values.stream().sorted().toList();
            Double target = TARGETS.get(name);
            out.printf(
                    Locale.ROOT,
                    "%-60s %8.3f %8.3f %8.3f %8s%n",
                    name,
                    sorted.get(sorted.size() / 2),
                    sorted.get(0),
                    sorted.get(sorted.size() - 1),
                    target == null ? "" : "< " + target);
        });
    }
}
