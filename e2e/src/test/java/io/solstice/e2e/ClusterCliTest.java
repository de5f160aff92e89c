package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.JsonFormat;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobDescription;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.ListJobsResponse;
import io.solstice.proto.v1.ListWorkersResponse;
import io.solstice.proto.v1.TaskStatus;
import io.solstice.proto.v1.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs from the command line on a master and two workers, all of them processes of their own. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterCliTest {
    @TempDir
    static Path folder;

    private LiveCluster cluster;

    @BeforeAll
    void start() throws IOException {
        cluster = new LiveCluster(folder);
        Files.writeString(folder.resolve("Counting.java"), Counting.SOURCE);
        cluster.startAll("ada", "bob");
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private Cli.Ended succeeds(String... words) throws IOException, InterruptedException {
        return zero(cluster.cli(words));
    }

    private static Cli.Ended zero(Cli.Ended ended) {
        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        return ended;
    }

    private static List<String> rows(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<Path> parts(Path output) throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.toList();
        }
    }

    private static List<String> rowsOfAll(Path output) throws IOException {
        return parts(output).stream()
                .flatMap(part -> rows(part).stream())
                .sorted()
                .toList();
    }

    @Test
    void theExampleGivesTheRowsOfARunInOneProcess() throws Exception {
        succeeds(
                "run",
                "--workflow",
                "workflows.make_table",
                "--job-id",
                "table",
                "--rows",
                "2000",
                "--output",
                file("in.lance"));
        String[] etl = {"run", "--workflow", "workflows.simple_etl", "--input", file("in.lance"), "--output"};
        Cli.Ended ended =
                succeeds(Stream.concat(Stream.of(etl), Stream.of(file("cluster.json"), "--job-id", "simple-etl"))
                        .toArray(String[]::new));
        assertThat(ended.err()).contains("job 'simple-etl' FINISHED");
        zero(new Cli(folder)
                .run(Stream.concat(Stream.of(etl), Stream.of(file("embedded.json")))
                        .toArray(String[]::new)));
        assertThat(rows(folder.resolve("cluster.json")))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(rows(folder.resolve("embedded.json")));
    }

    @Test
    void functionsTravelAndTheTasksOfOneJobShareItsKeysOnBothWorkers() throws Exception {
        String[] counting = {"Counting.java", "--rows", "700", "--output"};
        succeeds(Stream.concat(
                        Stream.of("submit"),
                        Stream.concat(
                                Stream.of(counting),
                                Stream.of(file("cluster"), "--rate", "350", "--job-id", "two-workers")))
                .toArray(String[]::new));
        await().atMost(ForegroundDaemon.LIMIT)
                .untilAsserted(
                        () -> assertThat(cluster.workersOf("two-workers")).containsExactlyInAnyOrder("ada", "bob"));
        Map<String, String> workerOfTask = new HashMap<>();
        for (TaskStatus task : cluster.describe("two-workers").getTasksList()) {
            workerOfTask.put(task.getTask(), task.getWorkerId());
        }
        assertThat(workerOfTask.get("two-workers/marked/0"))
                .as("%s", workerOfTask)
                .isNotEqualTo(workerOfTask.get("two-workers/marked/1"));
        Cli.Ended ended = succeeds("job", "wait", "two-w");
        assertThat(ended.err()).contains("FINISHED");

        zero(new Cli(folder)
                .run(Stream.concat(Stream.of("run"), Stream.concat(Stream.of(counting), Stream.of(file("embedded"))))
                        .toArray(String[]::new)));
        assertThat(rowsOfAll(folder.resolve("cluster"))).hasSize(700).isEqualTo(rowsOfAll(folder.resolve("embedded")));
        List<Path> parts = parts(folder.resolve("cluster"));
        assertThat(parts).hasSize(2);
        for (int group = 0; group < Counting.GROUPS; group++) {
            String key = "\"group\":\"group " + group + "\"";
            assertThat(parts.stream().filter(part -> rows(part).stream().anyMatch(row -> row.contains(key))))
                    .as(key)
                    .hasSize(1);
        }
    }

    @Test
    void aStreamProcessorGivesTheResultsOfARunInOneProcess() throws Exception {
        Files.writeString(folder.resolve("stream.yaml"), """
                windowing: {windows: [{type: sliding, size_ms: 500, slide_ms: 100}, {type: session, gap_ms: 3}]}
                pipelines:
                  - id: mock
                    source: {type: mock, events: 2000, rate: 0, start: 2026-01-01T00:00:00Z}
                    filter: [{field: event_type, op: in, value: [click, transaction]}]
                    key: user_id
                    sinks: [{type: file, path: results.json}, {type: metrics}]
                """);
        String[] run = {"run", "--config", file("stream.yaml"), "--pipelines.0.sinks.0.path"};
        Cli.Ended ended =
                succeeds(Stream.concat(Stream.of(run), Stream.of(file("stream-cluster.json"), "--job-id", "stream"))
                        .toArray(String[]::new));
        assertThat(ended.err()).contains("job 'stream' FINISHED");
        zero(new Cli(folder)
                .run(Stream.concat(Stream.of(run), Stream.of(file("stream-embedded.json")))
                        .toArray(String[]::new)));
        assertThat(results("stream-cluster.json")).hasSizeGreaterThan(1_000).isEqualTo(results("stream-embedded.json"));
    }

    /** All but the moments at which they were made. */
    private static List<String> results(String file) {
        return rows(folder.resolve(file)).stream()
                .map(row -> row.replaceAll("\"processing_time\":\"[^\"]+\"", ""))
                .sorted()
                .toList();
    }

    @Test
    void theVerbsFindAndEndAJob() throws Exception {
        Cli.Ended submitted = succeeds(
                "submit",
                "Counting.java",
                "--rows",
                "100000000",
                "--rate",
                "50",
                "--cpus",
                "0",
                "--output",
                file("never"),
                "--job-id",
                "endless-1");
        assertThat(submitted.out().strip()).isEqualTo("endless-1");
        assertThat(submitted.err()).contains("job wait endless-1");

        ListJobsResponse.Builder listed = ListJobsResponse.newBuilder();
        JsonFormat.parser()
                .merge(
                        succeeds("job", "list", "--state", "RUNNING", "-o", "json")
                                .out(),
                        listed);
        assertThat(listed.getJobsList()).extracting(Job::getJobId).contains("endless-1");
        assertThat(succeeds("job", "list").out()).contains("endless-1", "RUNNING");

        JobDescription.Builder described = JobDescription.newBuilder();
        JsonFormat.parser().merge(succeeds("job", "get", "endl", "-o", "json").out(), described);
        assertThat(described.getJob().getState()).isEqualTo(JobState.RUNNING);
        assertThat(described.getTasksList()).extracting(TaskStatus::getWorkerId).containsOnly("ada", "bob");
        assertThat(succeeds("job", "get", "endl", "-o", "yaml").out()).contains("state: RUNNING", "worker_id: ada");
        assertThat(succeeds("job", "logs", "endless-1").out()).contains("RUNNING");
        await().atMost(ForegroundDaemon.LIMIT)
                .untilAsserted(
                        () -> assertThat(succeeds("job", "watermarks", "endl").out())
                                .startsWith("event time of endless-1 has not begun, held back by task ")
                                .contains("of 'numbers': splits that are not read yet"));

        Cli.Ended late = cluster.cli("job", "wait", "endless-1", "--timeout", "0.5");
        assertThat(late.code()).as(late.err()).isEqualTo(75);
        Cli.Ended unasked = cluster.cli("job", "cancel", "endless-1");
        assertThat(unasked.code()).as(unasked.err()).isEqualTo(64);
        succeeds("job", "cancel", "endless-1", "--yes");
        Cli.Ended cancelled = cluster.cli("job", "wait", "endless-1");
        assertThat(cancelled.err()).contains("CANCELLED");
        assertThat(cancelled.code()).as("it did not finish").isEqualTo(1);
        assertThat(folder.resolve("never")).doesNotExist();

        Cli.Ended unknown = cluster.cli("job", "get", "nothing-like-it");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("SOL-4106");
    }

    @Test
    void theSameRequestMakesOneJob() throws Exception {
        String[] request = {
            "submit", "Counting.java", "--rows", "10", "--output", file("once"), "--request-id", "the-same", "--job-id"
        };
        String first = succeeds(Stream.concat(Stream.of(request), Stream.of("first-name"))
                        .toArray(String[]::new))
                .out();
        cluster.awaitState("first-name", JobState.FINISHED);
        String second = succeeds(Stream.concat(Stream.of(request), Stream.of("second-name"))
                        .toArray(String[]::new))
                .out();
        assertThat(second).isEqualTo(first).isEqualTo("first-name" + System.lineSeparator());
        assertThat(succeeds("job", "list").out()).contains("first-name").doesNotContain("second-name");
    }

    @Test
    void whatNoWorkerCouldEverHoldFailsAtOnceWithTheNumbers() throws Exception {
        Cli.Ended ended = cluster.cli(
                "run", "Counting.java", "--output", file("huge"), "--cpus", "1000", "--job-id", "thousand-cores");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("SOL-4112", "needs 1000 CPUs", "2 workers offer 4 CPUs, 0 GPUs, 8 GiB");
        assertThat(cluster.describe("thousand-cores").getJob().getState()).isEqualTo(JobState.FAILED);
        assertThat(folder.resolve("huge")).doesNotExist();
    }

    @Test
    void whatDoesNotFitNowWaitsAndADrainedWorkerGetsNothing() throws Exception {
        cluster.start("gpu-1", "--gpus", "1");
        cluster.awaitWorkers("gpu-1");
        Cli.Ended submitted = succeeds(
                "submit",
                "Counting.java",
                "--rows",
                "100",
                "--output",
                file("gpus"),
                "--gpus",
                "1",
                "--cpus",
                "0",
                "--job-id",
                "needs-gpus");
        assertThat(submitted.err()).contains("SCHEDULING, waits for", "of stage 'marked'", "1 GPU");
        Job waiting = cluster.describe("needs-gpus").getJob();
        assertThat(waiting.getState()).isEqualTo(JobState.SCHEDULING);
        assertThat(waiting.getWaitingFor()).contains("1 task of stage 'marked'", "1 GPU", "free on 3 workers: ");
        assertThat(succeeds("job", "list").out()).contains("1 task of stage 'marked'");

        cluster.start("gpu-2", "--gpus", "1");
        succeeds("job", "wait", "needs-gpus");
        assertThat(rowsOfAll(folder.resolve("gpus"))).hasSize(100);

        assertThat(cluster.cli("worker", "drain", "gpu-1").code()).isEqualTo(64);
        Cli.Ended ambiguous = cluster.cli("worker", "drain", "gpu", "--yes");
        assertThat(ambiguous.code()).isEqualTo(1);
        assertThat(ambiguous.err()).contains("SOL-4117", "gpu-1", "gpu-2");
        succeeds("worker", "drain", "gpu-2", "--yes");
        ListWorkersResponse.Builder workers = ListWorkersResponse.newBuilder();
        JsonFormat.parser().merge(succeeds("worker", "list", "-o", "json").out(), workers);
        assertThat(workers.getWorkersList())
                .filteredOn(worker -> worker.getWorkerId().equals("gpu-2"))
                .extracting(Worker::getState)
                .containsExactly(Worker.State.DRAINED);
        assertThat(cluster.cli(
                                "submit",
                                "Counting.java",
                                "--output",
                                file("drained"),
                                "--gpus",
                                "1",
                                "--cpus",
                                "0",
                                "--job-id",
                                "after-drain")
                        .err())
                .contains("waits for");
        succeeds("job", "cancel", "after-drain", "--yes");
        succeeds("worker", "drain", "gpu-1", "--yes");
        cluster.worker("gpu-1").signal("TERM");
        cluster.worker("gpu-2").signal("TERM");
        assertThat(cluster.worker("gpu-1").exitCode()).isZero();
        assertThat(cluster.worker("gpu-2").exitCode()).isZero();
        await().atMost(ForegroundDaemon.LIMIT)
                .untilAsserted(() -> assertThat(cluster.workerIds()).containsOnly("ada", "bob"));
    }

    /** Returns when the job runs and its command follows it; the command writes into the folder. */
    private Process following(Path into, String id) throws IOException {
        String[] words = {
            "run", "--workflow", file("Counting.java"), "--job-id", id, "--rows", "100000000", "--rate", "200"
        };
        String[] more = {"--cpus", "0", "--output", file(id), "--master", cluster.address()};
        Process process =
                new Cli(into).start(Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new));
        cluster.awaitState(id, JobState.RUNNING);
        return process;
    }

    private static void interrupt(Process process) throws Exception {
        String pid = Long.toString(process.pid());
        assertThat(new ProcessBuilder("kill", "-INT", pid).start().waitFor()).isZero();
    }

    @Test
    void ctrlCLetsGoOfTheJob() throws Exception {
        Path into = Files.createDirectory(folder.resolve("let-go-cli"));
        Process process = following(into, "let-go");
        interrupt(process);
        Cli.Ended ended = new Cli(into).end(process);
        assertThat(ended.code()).as(ended.err()).isEqualTo(130);
        assertThat(ended.err())
                .contains(
                        "job 'let-go' goes on",
                        "solstice job wait let-go --master " + cluster.address(),
                        "Ctrl-C again within 2 s cancels it");
        assertThat(cluster.describe("let-go").getJob().getState()).isEqualTo(JobState.RUNNING);
        succeeds("job", "cancel", "let-go", "--yes");
        cluster.awaitState("let-go", JobState.CANCELLED);
    }

    @Test
    void ctrlCTwiceCancelsTheJob() throws Exception {
        Path into = Files.createDirectory(folder.resolve("cancelled-cli"));
        Process process = following(into, "twice");
        interrupt(process);
        await().atMost(ForegroundDaemon.LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> new Cli(into).text("stderr").contains("Ctrl-C again"));
        interrupt(process);
        Cli.Ended ended = new Cli(into).end(process);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.err()).contains("cancelling job 'twice'");
        cluster.awaitState("twice", JobState.CANCELLED);
        assertThat(folder.resolve("twice")).doesNotExist();
    }
}
