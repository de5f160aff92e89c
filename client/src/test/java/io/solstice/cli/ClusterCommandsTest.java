package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.cluster.MemoryMaster;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.proto.v1.Endpoint;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.Resources;
import io.solstice.proto.v1.Worker;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClusterCommandsTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private MemoryMaster master;

    @BeforeEach
    void start() throws IOException {
        master = new MemoryMaster();
    }

    @AfterEach
    void stop() throws InterruptedException {
        master.close();
    }

    private ExitCode run(String... arguments) {
        return typing(null, arguments);
    }

    private ExitCode typing(@org.jspecify.annotations.Nullable String answer, String... arguments) {
        out.reset();
        err.reset();
        return Main.run(
                arguments,
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false,
                        false,
                        false,
                        80,
                        answer == null ? null : new BufferedReader(new StringReader(answer + "\n")),
                        Map.of("SOLSTICE_MASTER", master.address())));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** On the class path of this test alone. */
    public static final class Numbers implements Workflow {
        @Override
        public Job createJob(JobContext context) {
            return new Job(context)
                    .addStage(Stage.of(
                            "in", GeneratorSource.numbers(1, context.config().wholeNumber("count", 2))))
                    .addStage(Stage.of("out", PrintSink.create()), "in");
        }
    }

    private ExitCode submit(String jobId) {
        return run("submit", "--workflow", Numbers.class.getName(), "--job-id", jobId);
    }

    @Test
    void submitShowsTheIdAlone() {
        assertThat(run("submit", "--workflow", Numbers.class.getName(), "--job-id", "a", "--count", "7"))
                .isEqualTo(ExitCode.OK);
        assertThat(out()).isEqualTo("a" + System.lineSeparator());
        assertThat(err()).contains("RUNNING; follow it with: solstice job wait a --master " + master.address());
        assertThat(err()).contains("the rows of out are printed by the workers");
        assertThat(master.submitted.get(0).getProgram().getArtifactsCount()).isEqualTo(1);
        assertThat(master.submitted
                        .get(0)
                        .getProgram()
                        .getConfig()
                        .getEntries(0)
                        .getValue()
                        .getWhole())
                .isEqualTo(7);
    }

    @Test
    void theSameRequestIsTheSameJob() {
        List<String> line =
                List.of("submit", "--workflow", Numbers.class.getName(), "--job-id", "a", "--request-id", "r1");
        assertThat(run(line.toArray(new String[0]))).isEqualTo(ExitCode.OK);
        assertThat(run(line.toArray(new String[0]))).isEqualTo(ExitCode.OK);
        assertThat(master.submitted).hasSize(1);
        assertThat(master.submitted.get(0).getRequestId()).isEqualTo("r1");
    }

    @Test
    void runFollowsTheJobToItsEnd() {
        master.onSubmit = job -> job.toBuilder().setState(JobState.FINISHED).build();
        assertThat(run(
                        "run",
                        "--workflow",
                        Numbers.class.getName(),
                        "--job-id",
                        "a",
                        "--ray-address",
                        "ray://" + master.address()))
                .isEqualTo(ExitCode.OK);
        assertThat(err()).contains("job 'a' FINISHED in");

        master.onSubmit = job -> job.toBuilder()
                .setState(JobState.FAILED)
                .setError(io.solstice.proto.v1.Error.newBuilder()
                        .setCode("SOL-1303")
                        .setWhat("no"))
                .build();
        assertThat(run("run", "--workflow", Numbers.class.getName(), "--master", master.address()))
                .isEqualTo(ExitCode.USER_CODE);
        assertThat(err()).contains("error[SOL-1303]: no");
    }

    @Test
    void aSourceFileIsCompiledHereAndTravels() throws IOException {
        Path source = Files.writeString(folder.resolve("Mine.java"), """
                import io.solstice.api.*;
                import io.solstice.api.sink.*;
                import io.solstice.api.source.*;
                class Mine implements Workflow {
                    public Job createJob(JobContext context) {
                        return new Job(context)
                            .addStage(Stage.of("in", GeneratorSource.numbers(1, 2)))
                            .addStage(Stage.of("out", PrintSink.create()), "in");
                    }
                }
                """);
        assertThat(run("submit", source.toString(), "--job-id", "mine")).isEqualTo(ExitCode.OK);
        assertThat(master.submitted.get(0).getProgram().getWorkflowClass()).isEqualTo("Mine");
        assertThat(master.submitted.get(0).getProgram().getArtifacts(0).getFileName())
                .isEqualTo("Mine.jar");
        assertThat(run("submit", source.toString(), "--job-id", "again")).isEqualTo(ExitCode.OK);
        assertThat(master.uploads).hasValue(1);
    }

    @Test
    void waitsForAJob() throws Exception {
        submit("abc");
        assertThat(run("job", "wait", "ab", "--timeout", "0.05")).isEqualTo(ExitCode.RETRY_LATER);
        assertThat(err()).contains("SOL-4109");
        CompletableFuture<ExitCode> waiting = CompletableFuture.supplyAsync(() -> run("job", "wait", "ab"));
        int before = master.watches.get();
        await().until(() -> master.watches.get() > before);
        master.fail("abc", ErrorCode.DISK_FULL.error("no space"));
        assertThat(waiting.get()).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("job 'abc' FAILED in", "error[SOL-3102]");
        assertThat(run("job", "wait", "nothing")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("SOL-4106");
    }

    @Test
    void anInterruptLetsGoOfTheJob() throws Exception {
        submit("abc");
        int before = master.watches.get();
        AtomicReference<Thread> following = new AtomicReference<>();
        CompletableFuture<ExitCode> waiting = CompletableFuture.supplyAsync(() -> {
            following.set(Thread.currentThread());
            return run("job", "wait", "abc");
        });
        await().until(() -> master.watches.get() > before);
        Objects.requireNonNull(following.get()).interrupt();
        assertThat(waiting.get()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(err()).contains("job 'abc' goes on; follow it again with: solstice job wait abc --master");
        assertThat(Objects.requireNonNull(master.jobs.get("abc")).getState()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void listsJobsForPeopleAndPrograms() {
        assertThat(run("job", "list")).isEqualTo(ExitCode.OK);
        assertThat(out()).startsWith("no jobs");
        submit("a");
        submit("b");
        master.move("b", job -> job.setState(JobState.SCHEDULING).setWaitingFor("1 more CPU"));
        assertThat(run("job", "list")).isEqualTo(ExitCode.OK);
        assertThat(out().lines().toList().get(0)).startsWith("JOB  RUN  STATE");
        assertThat(out()).contains("SCHEDULING", "1 more CPU");
        assertThat(run("job", "list", "--state", "running", "-o", "json")).isEqualTo(ExitCode.OK);
        assertThat(out())
                .contains("\"job_id\" : \"a\"", "\"state\" : \"RUNNING\"", "\"running_tasks\" : 0")
                .doesNotContain("\"b\"");
        assertThat(run("job", "list", "--output", "yaml")).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("jobs:", "job_id: a", "waiting_for: 1 more CPU");
        assertThat(run("job", "list", "--state", "runing")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("did you mean 'RUNNING'?");
        assertThat(run("job", "list", "-o", "xml")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void showsAJobAndItsLog() {
        submit("a");
        assertThat(run("job", "get", "a")).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("job        a, run 1", "STAGE", "GeneratorSource", "a/in/0", "worker-1");
        assertThat(run("job", "get", "a", "-o", "json")).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("\"worker_id\" : \"worker-1\"");
        assertThat(run("job", "logs", "a")).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("INFO submitted by anonymous");
        assertThat(run("job", "logs", "nothing")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("SOL-4106");
    }

    @Test
    void cancelsOnlyWhatIsConfirmed() {
        submit("abc");
        assertThat(run("job", "cancel", "abc")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("Cancelling job 'abc' (RUNNING", "is lost", "add --yes");
        assertThat(typing("no", "job", "cancel", "abc")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("nothing was done");
        assertThat(Objects.requireNonNull(master.jobs.get("abc")).getState()).isEqualTo(JobState.RUNNING);
        assertThat(typing("abc", "job", "cancel", "ab")).isEqualTo(ExitCode.OK);
        assertThat(Objects.requireNonNull(master.jobs.get("abc")).getState()).isEqualTo(JobState.CANCELLED);
        assertThat(run("job", "cancel", "abc", "--yes")).isEqualTo(ExitCode.OK);
        assertThat(err()).contains("has ended already: CANCELLED");
    }

    @Test
    void saysWhichJobsABeginningMayMean() {
        submit("abc");
        submit("abd");
        assertThat(run("job", "cancel", "ab", "--yes")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("known: abc, abd");
    }

    @Test
    void looksAfterWorkers() {
        master.workers.put(
                "worker-1",
                Worker.newBuilder()
                        .setWorkerId("worker-1")
                        .setEndpoint(Endpoint.newBuilder().setHost("10.0.0.1").setPort(7071))
                        .setState(Worker.State.ACTIVE)
                        .setOffered(Resources.newBuilder().setNumCpus(4).setMemoryBytes(8L << 30))
                        .setFree(Resources.newBuilder().setNumCpus(1.5).setMemoryBytes(1L << 30))
                        .setTasks(2)
                        .build());
        assertThat(run("worker", "list")).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("worker-1", "10.0.0.1:7071", "1.50 of 4", "1024 MiB of 8192 MiB");
        assertThat(run("worker", "get", "worker", "-o", "json")).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("\"num_cpus\" : 1.5");
        assertThat(run("worker", "drain", "worker-1")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("loses 4 CPUs", "2 running tasks go on");
        assertThat(run("worker", "drain", "worker-1", "-y")).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("worker-1 DRAINING");
        assertThat(run("worker", "get", "nobody")).isEqualTo(ExitCode.FAILED);
        assertThat(run("cluster", "get")).isEqualTo(ExitCode.OK);
        assertThat(out()).contains("cluster      test, term 3", "cpus free    2.50 of 4");
    }

    @Test
    void tellsWhyAClusterCannotBeUsed() throws Exception {
        master.token = "secret";
        assertThat(run("job", "list")).isEqualTo(ExitCode.NOT_PERMITTED);
        assertThat(run("job", "list", "--token", "secret")).isEqualTo(ExitCode.OK);
        master.close();
        assertThat(run("job", "list")).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(err()).contains("error[SOL-4206]", master.address());
        assertThat(run("job", "list", "--master", "a:b")).isEqualTo(ExitCode.CONFIG);
    }

    @Test
    void groupsAndWrongVerbsExplainThemselves() {
        assertThat(run("job", "--help")).isEqualTo(ExitCode.OK);
        assertThat(out()).startsWith("Examples:").contains("job cancel").doesNotContain("worker");
        assertThat(run("job")).isEqualTo(ExitCode.USAGE);
        assertThat(run("job", "lst")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("did you mean 'job list'");
        assertThat(run("job", "get")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("needs one <id>");
        assertThat(run("job", "list", "extra")).isEqualTo(ExitCode.USAGE);
        List<String> names = new ArrayList<>(List.of("run", "submit", "job wait", "worker drain", "cluster get"));
        run("--help");
        assertThat(out()).contains(names);
    }

    /** Nothing of the code is loaded when the command line is wrong. */
    @Test
    void refusesBeforeItSends() {
        assertThat(run("submit")).isEqualTo(ExitCode.USAGE);
        assertThat(run("submit", "--workflow", Numbers.class.getName(), "--cuont", "3"))
                .isEqualTo(ExitCode.CONFIG);
        assertThat(err()).contains("did you mean 'count'");
        assertThat(master.submitted).isEmpty();
        assertThat(master.uploads).hasValue(0);
    }
}
