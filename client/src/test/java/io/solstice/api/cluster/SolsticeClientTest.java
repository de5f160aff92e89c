package io.solstice.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.JobStatus;
import io.solstice.api.RestoreFrom;
import io.solstice.api.Runner;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.program.ProgramJar;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobState;
import io.solstice.proto.v1.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SolsticeClientTest {
    @TempDir
    Path folder;

    private MemoryMaster master;
    private SolsticeClient client;

    @BeforeEach
    void connect() throws IOException {
        master = new MemoryMaster();
        client = SolsticeClient.connect(ClientOptions.of(master.address()).withPatience(Duration.ofSeconds(5)));
    }

    @AfterEach
    void close() throws InterruptedException {
        client.close();
        master.close();
    }

    /** A workflow whose folder of classes travels. */
    public static final class Numbers implements Workflow {
        @Override
        public Job createJob(JobContext context) {
            return new Job(context)
                    .addStage(Stage.of(
                            "in", GeneratorSource.numbers(1, context.config().wholeNumber("count", 2))))
                    .addStage(Stage.of("out", PrintSink.create()), "in");
        }
    }

    /** Says itself where its checkpoints go. */
    public static final class Placed implements Workflow {
        @Override
        public Job createJob(JobContext context) {
            return new Numbers().createJob(context).stateBackend(new LocalStateBackend("/from/the/workflow"));
        }
    }

    /** Builds a graph that cannot be. */
    static final class Loose implements Workflow {
        @Override
        public Job createJob(JobContext context) {
            return new Job(context).addStage(Stage.of("in", GeneratorSource.numbers(1, 2)));
        }
    }

    private static Submission numbers(String jobId) {
        return Submission.of(Numbers.class).context(JobContext.of(jobId));
    }

    private static void assertRefused(ErrorCode code, Runnable what) {
        SolsticeException refused = catchThrowableOfType(SolsticeException.class, what::run);
        assertThat(refused).isNotNull();
        assertThat(refused.code()).isEqualTo(code);
    }

    @Test
    void submitsWithItsCodeAndFollowsToTheEnd() throws Exception {
        List<UploadProgress> told = new CopyOnWriteArrayList<>();
        JobContext context = JobContext.of("a").withConfig(Config.of(Map.of("count", 7L)));
        JobHandle job =
                client.submit(Submission.of(Numbers.class).context(context).onUpload(told::add));

        JobSpec spec = master.submitted.get(0);
        assertThat(spec.getProgram().getWorkflowClass()).isEqualTo(Numbers.class.getName());
        assertThat(spec.getProgram().getStateBackendMap()).containsEntry("type", "local");
        assertThat(spec.getProgram().getConfig().getEntries(0).getValue().getWhole())
                .isEqualTo(7);
        String sha = spec.getProgram().getArtifacts(0).getSha256();
        assertThat(master.artifacts.get(sha))
                .hasSize((int) spec.getProgram().getArtifacts(0).getSizeBytes());
        UploadProgress last = told.get(told.size() - 1);
        assertThat(last.sentBytes()).isEqualTo(last.totalBytes());

        assertThat(job.jobId()).isEqualTo("a");
        assertThat(job.getStatus().isRunning()).isTrue();
        master.move("a", now -> {
            now.getStagesBuilder(0)
                    .setWorkerCount(2)
                    .setOutputRecords(7)
                    .setSplits(3)
                    .setPendingSplits(1);
            return now.setMemoryBytes(5);
        });
        await().until(() -> job.getMetrics().memoryBytes() == 5);
        assertThat(job.getMetrics().stage("in").toMap())
                .containsEntry("output_records", 7L)
                .containsEntry("worker_count", 2)
                .containsEntry("pending_splits", 1);
        master.move("a", io.solstice.proto.v1.JobState.FINISHED);
        assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
        assertThat(job.await(Duration.ofSeconds(1)).isRunning()).isFalse();
        job.cancel();
        assertThat(job.getMetrics().toMap()).containsEntry("is_running", false);
    }

    @Test
    void bringsTheSameCodeOnce() {
        client.submit(numbers("a"));
        client.submit(numbers("b"));
        assertThat(master.uploads).hasValue(1);
        assertThat(master.submitted).hasSize(2);
    }

    @Test
    void packsAFolderIntoTheSameBytesAtAnyTime() throws IOException {
        Files.createDirectories(folder.resolve("b/c"));
        Files.writeString(folder.resolve("b/c/Late.class"), "x");
        Files.writeString(folder.resolve("a.txt"), "y");
        String before = ProgramJar.of(folder).artifact().sha256();
        Files.setLastModifiedTime(folder.resolve("a.txt"), java.nio.file.attribute.FileTime.fromMillis(0));
        assertThat(ProgramJar.of(folder).artifact().sha256()).isEqualTo(before);
        Files.writeString(folder.resolve("a.txt"), "z");
        assertThat(ProgramJar.of(folder).artifact().sha256()).isNotEqualTo(before);
    }

    /** A jar of several megabytes that compression does not make small. */
    private Path largeJar(int megabytes) throws IOException {
        Path jar = folder.resolve("large.jar");
        byte[] noise = new byte[megabytes << 20];
        new Random(1).nextBytes(noise);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            ZipEntry entry = new ZipEntry("noise");
            CRC32 checksum = new CRC32();
            checksum.update(noise);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(noise.length);
            entry.setCrc(checksum.getValue());
            out.putNextEntry(entry);
            out.write(noise);
        }
        return jar;
    }

    @Test
    void sendsALargeJarInPieces() throws IOException {
        List<Long> sent = new CopyOnWriteArrayList<>();
        Path jar = largeJar(9);
        client.submit(numbers("a").artifact(jar).onUpload(upload -> {
            if (upload.fileName().equals("large.jar")) {
                sent.add(upload.sentBytes());
            }
        }));
        assertThat(sent).hasSize(10).isSorted();
        assertThat(master.artifacts.get(ProgramJar.of(jar).artifact().sha256())).isEqualTo(Files.readAllBytes(jar));
    }

    @Test
    void theSameSubmissionIsTheSameJob() {
        Submission submission = numbers("a");
        JobHandle first = client.submit(submission);
        JobHandle second = client.submit(submission);
        assertThat(second.jobId()).isEqualTo(first.jobId());
        assertThat(master.submitted).hasSize(1);
        client.submit(submission.again());
        client.submit(submission.context(JobContext.of("b")));
        assertThat(master.submitted).hasSize(3);
    }

    @Test
    void theWorkflowsStateBackendCountsWhereTheSubmitterNamesNone() {
        JobContext named = new JobContext("b", Config.EMPTY, new LocalStateBackend("/from/the/submitter"));
        client.submit(Submission.of(Placed.class).context(JobContext.of("a")));
        client.submit(Submission.of(Placed.class).context(named));
        assertThat(master.submitted)
                .extracting(spec -> spec.getProgram().getStateBackendMap().get("base_path"))
                .containsExactly("/from/the/workflow", "/from/the/submitter");
    }

    @Test
    void namesWhatWasRenamed() {
        RestoreFrom from = RestoreFrom.of("latest").renamed("before", "in");
        client.submit(numbers("a").restoreFrom(from));
        assertThat(master.submitted.get(0).getRestoreFrom()).isEqualTo("latest");
        assertThat(master.submitted.get(0).getRestoreMapMap()).containsExactly(Map.entry("before", "in"));
        assertRefused(ErrorCode.OPTION_INVALID, () -> from.renamed("before", "other"));
        assertRefused(ErrorCode.OPTION_INVALID, () -> RestoreFrom.of("none").renamed("before", "in"));
    }

    @Test
    void triesAgainWhileTheMasterIsAway() {
        for (int i = 0; i < 3; i++) {
            master.failures.add(Status.UNAVAILABLE.withDescription("not yet"));
        }
        client.submit(numbers("a"));
        assertThat(master.submitted).hasSize(1);
    }

    @Test
    void findsTheMasterThatAnswersAmongSeveral() throws Exception {
        ClientOptions several = ClientOptions.of("127.0.0.1:1,127.0.0.1:2," + master.address());
        try (SolsticeClient patient = SolsticeClient.connect(several.withPatience(Duration.ZERO))) {
            assertThat(patient.jobs()).isEmpty();
        }
        master.close();
        try (SolsticeClient patient = SolsticeClient.connect(several.withPatience(Duration.ZERO))) {
            assertRefused(ErrorCode.MASTER_UNREACHABLE, patient::jobs);
        }
    }

    @Test
    void refusesABadGraphBeforeAnythingIsSent() {
        assertRefused(ErrorCode.GRAPH_DANGLING, () -> client.submit(Loose.class, JobContext.of("a")));
        assertRefused(ErrorCode.NAME_INVALID, () -> client.submit(Numbers.class, JobContext.of("a b")));
        assertRefused(ErrorCode.ARTIFACT_UNREADABLE, () -> client.submit(Submission.jar(folder.resolve("no.jar"))));
        assertThat(master.uploads).hasValue(0);
        assertThat(master.submitted).isEmpty();
    }

    @Test
    void throwsFromSubmitWhatKeepsAJobFromEverRunning() {
        master.onSubmit = job -> job.toBuilder()
                .setState(io.solstice.proto.v1.JobState.FAILED)
                .setError(io.solstice.proto.v1.Error.newBuilder()
                        .setCode("SOL-3201")
                        .setWhat("no table 'x'")
                        .setHelp("make one"))
                .build();
        assertThatThrownBy(() -> client.submit(numbers("a")))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("error[SOL-3201]: no table 'x'")
                .hasMessageContaining("= help: make one");
    }

    @Test
    void aJobThatFailsLaterThrowsItsErrorFromAwait() {
        JobHandle job = client.submit(numbers("a"));
        master.fail("a", ErrorCode.FUNCTION_FAILED.error("no").where("stage 'in'"));
        assertThatThrownBy(job::await)
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("SOL-1303")
                .hasMessageContaining("--> stage 'in'");
        JobStatus status = job.getStatus();
        assertThat(status.state()).isEqualTo(JobState.FAILED);
        assertThat(Objects.requireNonNull(status.error()).code()).isEqualTo(ErrorCode.FUNCTION_FAILED);
    }

    @Test
    void submitReturnsWhenTheJobWaitsForRoom() {
        master.onSubmit = job -> job.toBuilder()
                .setState(io.solstice.proto.v1.JobState.SCHEDULING)
                .setWaitingFor("2 more CPUs")
                .build();
        JobHandle job = client.submit(numbers("a"));
        assertThat(job.getStatus().waitingFor()).isEqualTo("2 more CPUs");
        assertThat(job.getStatus().toMap()).containsEntry("waiting_for", "2 more CPUs");
        assertRefused(ErrorCode.TIMED_OUT, () -> awaitShortly(job));
    }

    private static void awaitShortly(JobHandle job) {
        try {
            job.await(Duration.ofMillis(10));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void followsTheJobThroughARestartOfTheMaster() throws Exception {
        JobHandle job = client.submit(numbers("a"));
        master.restart();
        await().until(() -> master.watches.get() >= 2);
        master.move("a", io.solstice.proto.v1.JobState.FINISHED);
        assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
    }

    @Test
    void saysSoWhenTheMasterHasForgottenTheJob() throws Exception {
        JobHandle job = client.submit(numbers("a"));
        master.jobs.clear();
        master.restart();
        assertThatThrownBy(job::await).hasMessageContaining("SOL-4106");
        assertThat(job.getStatus().isRunning()).isTrue();
    }

    @Test
    void cancelsAndLists() throws Exception {
        JobHandle job = client.submit(numbers("abc"));
        client.submit(numbers("abd"));
        assertThat(client.jobs().stream().map(JobStatus::jobId)).containsExactly("abc", "abd");
        client.job("abc").cancel();
        assertThat(job.await().state()).isEqualTo(JobState.CANCELLED);
        assertThat(client.job("abc").await().state()).isEqualTo(JobState.CANCELLED);
        assertThatThrownBy(() -> client.job("ab")).hasMessageContaining("known: abc, abd");
        assertRefused(ErrorCode.JOB_UNKNOWN, () -> client.job("z"));
    }

    @Test
    void closingLeavesTheJobAndEndsTheWaiting() throws Exception {
        JobHandle job = client.submit(numbers("a"));
        client.close();
        assertRefused(ErrorCode.ENGINE_CLOSED, () -> awaitShortly(job));
        assertThat(job.getStatus().isRunning()).isTrue();
        assertRefused(ErrorCode.ENGINE_CLOSED, () -> client.jobs());
        assertThat(Objects.requireNonNull(master.jobs.get("a")).getState())
                .isEqualTo(io.solstice.proto.v1.JobState.RUNNING);
    }

    @Test
    void saysThatNoMasterIsThere() throws Exception {
        String address = master.address();
        master.close();
        try (SolsticeClient lost =
                SolsticeClient.connect(ClientOptions.of(address).withPatience(Duration.ZERO))) {
            SolsticeException refused = catchThrowableOfType(SolsticeException.class, lost::jobs);
            assertThat(refused.code()).isEqualTo(ErrorCode.MASTER_UNREACHABLE);
            assertThat(refused).hasMessageContaining(address).hasMessageContaining("refused");
        }
    }

    @Test
    void provesWhoItIs() {
        master.token = "secret";
        assertRefused(ErrorCode.CALLER_REFUSED, () -> client.jobs());
        ClientOptions options = ClientOptions.of(master.address()).withToken("secret");
        assertThat(options.toString()).doesNotContain("secret");
        try (SolsticeClient known = SolsticeClient.connect(options)) {
            assertThat(known.jobs()).isEmpty();
        }
    }

    @Test
    void aRunnerHasTheSameVerbs() throws Exception {
        Runner runner = client.createRunner(numbers("a"));
        assertThat(runner.getStatus().toMap())
                .containsEntry("initialized", false)
                .containsEntry("is_running", false);
        assertRefused(ErrorCode.JOB_STATE, () -> {
            try {
                runner.waitForCompletion();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
        runner.initialize();
        runner.initialize();
        assertThat(runner.isInitialized()).isTrue();
        runner.run();
        assertThat(runner.isRunning()).isTrue();
        assertRefused(ErrorCode.JOB_STATE, runner::run);
        runner.stop();
        assertThat(runner.isRunning()).isFalse();
        assertThat(runner.waitForCompletion(Duration.ofSeconds(1)).state()).isEqualTo(JobState.CANCELLED);
        runner.shutdown();
        assertRefused(ErrorCode.ENGINE_CLOSED, runner::initialize);
        assertThat(client.jobs()).hasSize(1);
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        List<Thread> before = new ArrayList<>(Thread.getAllStackTraces().keySet());
        try (SolsticeClient another = SolsticeClient.connect(ClientOptions.of(master.address()))) {
            another.submit(numbers("a"));
        }
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("solstice-client") && !before.contains(thread)));
    }
}
