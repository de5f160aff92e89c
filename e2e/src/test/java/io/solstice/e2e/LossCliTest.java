package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.api.JobContext;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.api.cluster.Submission;
import io.solstice.api.config.Config;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Masters and workers that die, stop and come late, as the others notice it. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LossCliTest {
    /** A machine that is busy with other things must not fail the test; the log has the measured times. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    static Path folder;

    private LiveCluster cluster;

    @BeforeAll
    void start() throws IOException {
        cluster = new LiveCluster(folder);
        Files.writeString(folder.resolve("Counting.java"), Counting.SOURCE);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @BeforeEach
    void withTwoWorkers() {
        cluster.keepOnly("ada", "bob");
    }

    private void submit(String id, Map<String, Object> settings) {
        Config config = Config.of(settings)
                .with("output", folder.resolve(id).toString())
                .with("cpus", 0);
        try (SolsticeClient client = cluster.client()) {
            client.submit(Submission.named(folder.resolve("Counting.java").toString())
                    .context(new JobContext(id, config, new LocalStateBackend(folder.resolve("state") + ""))));
        }
    }

    /** Returns when it runs with tasks on all of the workers. */
    private void startEndless(String id, String... workers) {
        submit(id, Map.of("rows", 100_000_000L, "rate", 200));
        cluster.awaitState(id, JobState.RUNNING);
        assertThat(cluster.workersOf(id)).containsExactlyInAnyOrder(workers);
    }

    private void runsToItsEnd(String id) {
        submit(id, Map.of("rows", 100));
        cluster.awaitState(id, JobState.FINISHED);
        assertThat(folder.resolve(id)).isDirectory();
    }

    private static long millisUntil(BooleanSupplier seen, Duration limit) {
        long start = Clock.SYSTEM.monotonicNanos();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(limit)
                .until(seen::getAsBoolean);
        return TimeUnit.NANOSECONDS.toMillis(Clock.SYSTEM.monotonicNanos() - start);
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /** Returns when the job has begun again so often, without the worker. */
    private Job goesOn(String id, int restarts, String without) {
        await().atMost(ForegroundDaemon.LIMIT).ignoreExceptions().untilAsserted(() -> {
            Job now = cluster.describe(id).getJob();
            assertThat(now.getRestarts()).as("%s", now).isGreaterThanOrEqualTo(restarts);
            assertThat(now.getState()).as("%s", now).isEqualTo(JobState.RUNNING);
        });
        assertThat(cluster.workersOf(id)).isNotEmpty().doesNotContain(without);
        return cluster.describe(id).getJob();
    }

    private void cancel(String id) throws IOException, InterruptedException {
        Cli.Ended cancelled = cluster.cli("job", "cancel", id, "--yes");
        assertThat(cancelled.code()).as(cancelled.err()).isZero();
        cluster.awaitState(id, JobState.CANCELLED);
        assertThat(folder.resolve(id))
                .as("nothing was published")
                .satisfiesAnyOf(
                        output -> assertThat(output).doesNotExist(),
                        output -> assertThat(output).isEmptyDirectory());
    }

    @Test
    void aKilledWorkerIsNoticedByItsConnectionAndItsJobGoesOn() throws Exception {
        String[] workers = {"w1", "w2", "w3"};
        cluster.startAll(workers);
        submit("long", Map.of("rows", 100_000_000L, "rate", 200, "tasks", workers.length + 2));
        cluster.awaitState("long", JobState.RUNNING);
        List<Long> untilKnown = new ArrayList<>();
        List<Long> untilRunning = new ArrayList<>();
        for (int i = 0; i < workers.length; i++) {
            String victim =
                    cluster.workersOf("long").stream().sorted().findFirst().orElseThrow();
            int restarts = i + 1;
            cluster.worker(victim).kill();
            untilKnown.add(millisUntil(() -> !cluster.workerIds().contains(victim), SOON));
            untilRunning.add(untilKnown.get(i)
                    + millisUntil(
                            () -> {
                                Job now = cluster.describe("long").getJob();
                                return now.getRestarts() >= restarts && now.getState() == JobState.RUNNING;
                            },
                            ForegroundDaemon.LIMIT));
            Job again = goesOn("long", restarts, victim);
            assertThat(again.getRestartCause().getCode()).isEqualTo("SOL-4110");
            assertThat(again.getRestartCause().getWhat()).contains("worker " + victim + " was lost");
            cluster.master().awaitLog("worker " + victim + " at");
        }
        System.out.println("kill -9 of a worker: known after " + untilKnown + " ms, median " + median(untilKnown)
                + "; its job runs again after " + untilRunning + " ms, median " + median(untilRunning));
        assertThat(cluster.master().log()).contains("is lost: ");
        cancel("long");
    }

    @Test
    void noRowIsLostOrDoubledWhenAWorkerIsKilled() throws Exception {
        submit("exact", Map.of("rows", 2_000, "rate", 500, "interval", 0.3));
        awaitCheckpoint("exact", 2);
        cluster.worker("bob").kill();
        Job finished = cluster.awaitState("exact", JobState.FINISHED);
        assertThat(finished.getRestarts()).as("%s", finished).isPositive();
        assertThat(NumberedRows.in(folder.resolve("exact")))
                .isEqualTo(LongStream.rangeClosed(1, 2_000).boxed().toList());
    }

    @Test
    void tasksThatExchangeNothingWithALostOneGoOn() throws Exception {
        Files.writeString(folder.resolve("Apart.java"), Counting.APART);
        Config config = Config.of(Map.of("rows", 2_000, "rate", 500, "interval", 0.3))
                .with("output", folder.resolve("apart").toString());
        try (SolsticeClient client = cluster.client()) {
            client.submit(Submission.named(folder.resolve("Apart.java").toString())
                    .context(JobContext.of("apart").withConfig(config)));
        }
        awaitCheckpoint("apart", 2);
        cluster.worker("bob").kill();
        Job finished = cluster.awaitState("apart", JobState.FINISHED);
        assertThat(finished.getRestarts()).as("%s", finished).isEqualTo(1);
        assertThat(cluster.cli("job", "logs", "apart").out())
                .contains("tasks begin again because of", "worker bob was lost")
                .doesNotContain("RESTARTING");
        assertThat(NumberedRows.in(folder.resolve("apart")))
                .isEqualTo(LongStream.rangeClosed(1, 2_000).boxed().toList());
    }

    @Test
    void aStoppedWorkerIsLostByItsSilenceAndComesBack() throws Exception {
        startEndless("silent", "ada", "bob");
        cluster.worker("bob").signal("STOP");
        long millis = millisUntil(() -> !cluster.workerIds().contains("bob"), Duration.ofSeconds(8));
        System.out.println("SIGSTOP of a worker: lost after " + millis + " ms");
        assertThat(millis).isGreaterThan(1_000);
        Job again = goesOn("silent", 1, "bob");
        assertThat(again.getRestartCause().getCause()).contains("silent for");

        cluster.worker("bob").signal("CONT");
        cluster.awaitWorkers("ada", "bob");
        assertThat(cluster.worker("bob").log()).contains("lost the master at " + cluster.address(), "trying again in");
        assertThat(cluster.describe("silent").getJob().getState()).isEqualTo(JobState.RUNNING);
        cancel("silent");
        runsToItsEnd("after-silence");
        assertThat(cluster.workersOf("after-silence")).containsExactlyInAnyOrder("ada", "bob");
    }

    @Test
    void aWorkerThatIsAskedToStopLeavesInOrder() throws Exception {
        startEndless("left", "ada", "bob");
        cluster.worker("bob").signal("TERM");
        Job again = goesOn("left", 1, "bob");
        assertThat(again.getRestartCause().getWhat()).contains("worker bob was stopped");
        assertThat(again.getRestartCause().getHelp()).contains("worker drain bob");
        assertThat(cluster.worker("bob").exitCode()).isZero();
        assertThat(cluster.worker("bob").log()).contains("asked to stop", "worker 'bob' has stopped");
        assertThat(cluster.workerIds()).containsExactly("ada");
        cancel("left");
    }

    @Test
    void jobsOutliveTheirMasterAndNoTaskBeginsAgain() throws Exception {
        runsToItsEnd("before");
        submit("steady", Map.of("rows", 1_500, "rate", 400, "interval", 0.3));
        awaitCheckpoint("steady", 2);
        int before = cluster.describe("steady").getJob().getCheckpoints().getCompleted();
        cluster.master().kill();
        cluster.worker("ada").awaitLog("lost the master at");
        cluster.restartMaster();
        long leads = millisUntil(() -> goesOn("steady"), ForegroundDaemon.LIMIT);
        assertThat(cluster.describe("steady").getJob().getCheckpoints().getCompleted())
                .as("counted on")
                .isGreaterThanOrEqualTo(before);
        long taken = millisUntil(
                () -> cluster.describe("steady").getJob().getCheckpoints().getCompleted() > before + 1,
                ForegroundDaemon.LIMIT);
        System.out.println("kill -9 of the master: from its start to its jobs being led " + leads
                + " ms, to their next checkpoint " + (leads + taken) + " ms");
        assertThat(cluster.describe("before").getJob().getState()).isEqualTo(JobState.FINISHED);
        Job finished = cluster.awaitState("steady", JobState.FINISHED);
        assertThat(finished.getRestarts()).as("%s", finished).isZero();
        assertThat(NumberedRows.in(folder.resolve("steady")))
                .isEqualTo(LongStream.rangeClosed(1, 1_500).boxed().toList());
        runsToItsEnd("after");
        assertThat(cluster.worker("ada").isAlive()).isTrue();
        assertThat(cluster.worker("bob").isAlive()).isTrue();
    }

    private void awaitCheckpoint(String id, int completed) {
        await().atMost(ForegroundDaemon.LIMIT)
                .ignoreExceptions()
                .until(() -> cluster.describe(id).getJob().getCheckpoints().getCompleted() >= completed);
    }

    private boolean goesOn(String id) {
        try {
            Job now = cluster.describe(id).getJob();
            return now.getState() == JobState.RUNNING && now.getWaitingFor().isEmpty();
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    @Test
    void aWorkerThatDiesWithTheMasterIsReplaced() throws Exception {
        submit("both", Map.of("rows", 1_200, "rate", 300, "interval", 0.3));
        awaitCheckpoint("both", 2);
        cluster.worker("bob").kill();
        cluster.master().kill();
        cluster.restartMaster();
        Job finished = cluster.awaitState("both", JobState.FINISHED);
        assertThat(finished.getRestarts()).as("%s", finished).isPositive();
        assertThat(NumberedRows.in(folder.resolve("both")))
                .isEqualTo(LongStream.rangeClosed(1, 1_200).boxed().toList());
    }

    /** Every process is replaced while the job runs; what that costs is told by the rows that come between. */
    @Test
    void allProcessesAreRenewedOneByOne() throws Exception {
        submit("rolling", Map.of("rows", 3_000, "rate", 300, "interval", 0.3));
        awaitCheckpoint("rolling", 2);
        renew("ada", "eve");
        renew("bob", "fay");
        cluster.master().signal("TERM");
        assertThat(cluster.master().exitCode()).isZero();
        cluster.restartMaster();
        Job finished = cluster.awaitState("rolling", JobState.FINISHED);
        assertThat(finished.getRestarts())
                .as("one for each worker: %s", finished)
                .isBetween(1, 2);
        assertThat(NumberedRows.in(folder.resolve("rolling")))
                .isEqualTo(LongStream.rangeClosed(1, 3_000).boxed().toList());
    }

    private void renew(String old, String next) throws Exception {
        cluster.startAll(next);
        Cli.Ended drained = cluster.cli("worker", "drain", old, "--yes");
        assertThat(drained.code()).as(drained.err()).isZero();
        await().atMost(ForegroundDaemon.LIMIT)
                .ignoreExceptions()
                .until(() -> !cluster.workersOf("rolling").contains(old));
        cluster.worker(old).signal("TERM");
        assertThat(cluster.worker(old).exitCode()).isZero();
        Job job = cluster.describe("rolling").getJob();
        assertThat(job.getRestartCause().getCode()).as("%s", job).isEqualTo("SOL-4119");
        // what comes next must not cut it off: that would be one more restart
        cluster.awaitState("rolling", JobState.RUNNING);
    }

    @Test
    void aWorkerWaitsForItsMaster() throws Exception {
        Endpoint address = cluster.endpoint();
        ForegroundDaemon first = cluster.master();
        first.signal("TERM");
        assertThat(first.exitCode()).isZero();
        ForegroundDaemon early = cluster.start("early");
        await().atMost(ForegroundDaemon.LIMIT).until(() -> early.log().split("cannot reach the master", -1).length > 3);
        assertThat(early.log())
                .containsPattern("cannot reach the master at " + address + " \\(.+\\); trying again in \\d");
        cluster.restartMaster();
        cluster.awaitWorkers("early");
        early.awaitLog("registered with the master at " + address + " as early");
        runsToItsEnd("first");
    }
}
