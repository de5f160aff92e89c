package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.JobStatus;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.cluster.ClientOptions;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.api.cluster.Submission;
import io.solstice.api.config.Config;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.JobState;
import io.solstice.common.rpc.RpcClient;
import io.solstice.proto.v1.AdminServiceGrpc;
import io.solstice.proto.v1.ListWorkersRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two masters with one journal, each a process of its own, and a worker that knows both. */
@Timeout(180)
class StandbyCliTest {
    /** The aim is 3 s on a machine that has nothing else to do. */
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private ForegroundDaemon first;
    private ForegroundDaemon second;
    private ForegroundDaemon worker;
    private String addresses;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("Counting.java"), Counting.SOURCE);
        first = startMaster("first");
        addresses = first.endpoint().toString();
        second = startMaster("second");
        addresses = addresses + "," + second.endpoint();
        String workers = folder.resolve("workers").toString();
        List<String> offer = List.of("--cpus", "4", "--memory", "2GiB", "--off-heap-limit", "256MiB", "--gpus", "0");
        List<String> flags = new ArrayList<>(offer);
        flags.addAll(List.of("--master", addresses, "--worker-id", "w", "--data-dir", workers));
        worker = ForegroundDaemon.start(folder, "w", "start-worker", flags);
    }

    private ForegroundDaemon startMaster(String name) {
        String journal = folder.resolve("journal").toString();
        String data = folder.resolve(name).toString();
        return ForegroundDaemon.start(
                folder, name, "start-master", List.of("--port", "0", "--journal", journal, "--data-dir", data));
    }

    @AfterEach
    void stop() {
        worker.close();
        second.close();
        first.close();
    }

    private static ServingStatus health(ForegroundDaemon master) {
        try (RpcClient client = rpc(master)) {
            return health(client);
        }
    }

    private static RpcClient rpc(ForegroundDaemon master) {
        return RpcClient.to("master", master.endpoint()).build();
    }

    private static ServingStatus health(RpcClient client) {
        return client.call(() -> HealthGrpc.newBlockingStub(client.channel())
                .withDeadlineAfter(SOON.toSeconds(), TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus());
    }

    private SolsticeClient client() {
        return SolsticeClient.connect(ClientOptions.of(addresses));
    }

    /** Returns when the master leads. */
    private static void awaitLead(String after, ForegroundDaemon master) {
        long start = Clock.SYSTEM.monotonicNanos();
        try (RpcClient client = rpc(master)) {
            await().pollInterval(Duration.ofMillis(20))
                    .atMost(SOON)
                    .until(() -> health(client) == ServingStatus.SERVING);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(Clock.SYSTEM.monotonicNanos() - start);
        System.out.println("standby: serves " + millis + " ms after " + after);
    }

    private void awaitWorker(ForegroundDaemon master) {
        try (RpcClient client = rpc(master)) {
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> AdminServiceGrpc.newBlockingStub(client.channel())
                            .listWorkers(ListWorkersRequest.getDefaultInstance())
                            .getWorkersList()
                            .stream()
                            .map(io.solstice.proto.v1.Worker::getWorkerId)
                            .toList()
                            .equals(List.of("w")));
        }
    }

    private JobContext context(String id, Config config) {
        return new JobContext(
                id, config, new LocalStateBackend(folder.resolve("state").toString()));
    }

    private void runsToItsEnd(String id) throws InterruptedException {
        Config config = Config.of(Map.of("rows", 100))
                .with("output", folder.resolve("out-" + id).toString())
                .with("cpus", 0);
        try (SolsticeClient client = client()) {
            JobStatus ended = client.submit(
                            Submission.named(folder.resolve("Counting.java").toString())
                                    .context(context(id, config)))
                    .await();
            assertThat(ended.state()).isEqualTo(JobState.FINISHED);
        }
    }

    private List<String> jobs() {
        try (SolsticeClient client = client()) {
            return client.jobs().stream().map(JobStatus::jobId).sorted().toList();
        }
    }

    @Test
    void aStandbyRefusesAllCallsAndLeadsWhenTheLeaderIsKilled() throws Exception {
        second.awaitLog("standby: " + first.endpoint() + " leads");
        assertThat(health(first)).isEqualTo(ServingStatus.SERVING);
        assertThat(health(second)).isEqualTo(ServingStatus.NOT_SERVING);
        try (SolsticeClient atStandby = SolsticeClient.connect(
                ClientOptions.of(second.endpoint().toString()).withPatience(Duration.ZERO))) {
            SolsticeException refused = catchThrowableOfType(SolsticeException.class, atStandby::jobs);
            assertThat(refused.code()).isEqualTo(ErrorCode.NOT_LEADER);
            assertThat(refused.error().cause()).isEqualTo(first.endpoint() + " leads");
        }
        awaitWorker(first);
        runsToItsEnd("one");

        first.kill();
        awaitLead("kill -9 of the leader", second);
        awaitWorker(second);
        assertThat(jobs()).containsExactly("one");
        runsToItsEnd("two");
        assertThat(jobs()).containsExactly("one", "two");
        ForegroundDaemon again = startMaster("again");
        try {
            again.awaitLog("standby: " + second.endpoint() + " leads");
        } finally {
            again.close();
        }
    }

    /** Whatever becomes of the leader: no row is lost or doubled, and no task begins again. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM", "STOP"})
    void aRunningJobGoesOnUnderTheNextLeader(String signal) throws Exception {
        awaitWorker(first);
        Path output = folder.resolve("out-steady");
        Config config = Config.of(Map.of("rows", 1_500, "rate", 400, "interval", 0.3))
                .with("output", output.toString())
                .with("cpus", 0);
        try (SolsticeClient client = client()) {
            JobHandle job = client.submit(
                    Submission.named(folder.resolve("Counting.java").toString()).context(context("steady", config)));
            await().atMost(SOON).until(() -> job.getStatus().checkpoints().totalCheckpoints() > 1);
            first.signal(signal);
            awaitLead("SIG" + signal + " to the leader, which leads a job", second);
            JobStatus ended = job.await();
            assertThat(ended.state()).as("%s", ended).isEqualTo(JobState.FINISHED);
            assertThat(ended.restarts()).as("%s\n%s", ended, second.log()).isZero();
            assertThat(ended.checkpoints().totalCheckpoints())
                    .as("under the new leader")
                    .isPositive();
        }
        assertThat(NumberedRows.in(output))
                .isEqualTo(LongStream.rangeClosed(1, 1_500).boxed().toList());
    }

    @Test
    void aLeaderThatIsStoppedHandsOver() throws Exception {
        awaitWorker(first);
        runsToItsEnd("one");
        first.signal("TERM");
        awaitLead("a stop of the leader", second);
        assertThat(first.exitCode()).as(first.log()).isZero();
        awaitWorker(second);
        runsToItsEnd("two");
        assertThat(jobs()).containsExactly("one", "two");
    }

    @Test
    void aLeaderThatWakesUpTooLateEnds() throws Exception {
        awaitWorker(first);
        first.signal("STOP");
        awaitLead("the leader was paused", second);
        awaitWorker(second);
        runsToItsEnd("one");
        first.signal("CONT");
        assertThat(first.exitCode()).as(first.log()).isEqualTo(1);
        assertThat(first.log()).contains("error[SOL-2103]");
        runsToItsEnd("two");
        assertThat(jobs()).containsExactly("one", "two");
        assertThat(health(second)).isEqualTo(ServingStatus.SERVING);
    }
}
