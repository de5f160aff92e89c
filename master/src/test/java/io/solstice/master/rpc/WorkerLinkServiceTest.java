package io.solstice.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.master.cluster.Specs;
import io.solstice.proto.v1.Heartbeat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorkerLinkServiceTest {
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    @TempDir
    Path directory;

    @Test
    void aWorkerRegistersAndItsHeartbeatsAreAnsweredInOrder() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            for (int i = 1; i <= 100; i++) {
                worker.beat(i);
            }
            await().untilAsserted(() -> assertThat(worker.received()).hasSize(101));
            assertThat(worker.received().get(0)).isEqualTo(new MasterMessage.Welcome(1, List.of()));
            for (int i = 1; i <= 100; i++) {
                assertThat(worker.received().get(i)).isEqualTo(new MasterMessage.HeartbeatSeen(i));
            }
            assertThat(master.master().workers().join()).hasSize(1);
        }
    }

    @Test
    void aCutConnectionIsALostWorkerWithinHalfASecond() {
        try (LiveMaster master = new LiveMaster(directory)) {
            try (ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
                worker.cut();
                await().atMost(HALF_A_SECOND)
                        .pollInterval(Duration.ofMillis(5))
                        .untilAsserted(() ->
                                assertThat(master.master().workers().join()).isEmpty());
            }
        }
    }

    @Test
    void aWorkerThatLeavesIsGoneAndItsStreamEnds() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            worker.send(new WorkerMessage.Leaving());
            worker.halfClose();
            await().until(() -> worker.closed().isCancelled());
            assertThat(master.master().workers().join()).isEmpty();
        }
    }

    @Test
    void aMasterThatEndsTakesNoWorkerForLost() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            master.endLinks();
            await().until(() -> worker.closed().isDone());
            assertThat(master.master().workers().join()).hasSize(1);
        }
    }

    @Test
    void aWorkerOfAnotherClusterIsToldWhyBeforeTheConnectionEnds() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = new ScriptedWorker(master, "w1", true)) {
            worker.register("another");
            SolsticeError why = worker.closed().join();
            assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_MISMATCH);
            assertThat(worker.received()).containsExactly(new MasterMessage.Refused(why));
        }
    }

    @Test
    void aStreamMustBeginWithOneRegistration() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker early = new ScriptedWorker(master, "w1", true);
                ScriptedWorker twice = ScriptedWorker.registered(master, "w2");
                ScriptedWorker empty = ScriptedWorker.registered(master, "w3")) {
            early.beat(1);
            assertInvalid(early, "something else came first");
            twice.register("test");
            assertInvalid(twice, "second registration");
            empty.sendRaw(io.solstice.proto.v1.WorkerMessage.getDefaultInstance());
            assertInvalid(empty, "kind");
            await().untilAsserted(
                            () -> assertThat(master.master().workers().join()).isEmpty());
        }
    }

    private static void assertInvalid(ScriptedWorker worker, String cause) {
        SolsticeError why = worker.closed().join();
        assertThat(why.code()).isEqualTo(ErrorCode.MESSAGE_INVALID);
        assertThat(why.cause()).contains(cause);
    }

    @Test
    void aMessageOverTheLimitEndsTheStream() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            var large = Heartbeat.newBuilder();
            var metrics = io.solstice.proto.v1.TaskMetrics.newBuilder().setStageId("s".repeat(100));
            for (int i = 0; i <= LiveMaster.MESSAGE_LIMIT / 100; i++) {
                large.addTasks(metrics);
            }
            worker.sendRaw(io.solstice.proto.v1.WorkerMessage.newBuilder()
                    .setHeartbeat(large)
                    .build());
            await().until(() -> worker.closed().isDone());
            await().untilAsserted(
                            () -> assertThat(master.master().workers().join()).isEmpty());
        }
    }

    @Test
    void aWorkerThatDoesNotReadIsCutOffAndOthersAreNot() {
        LinkLimits limits = new LinkLimits(64L << 20, 700, 10_000);
        try (LiveMaster master = new LiveMaster(directory, limits);
                ScriptedWorker deaf = new ScriptedWorker(master, "w1", false)) {
            deaf.register("test");
            await().until(() -> master.master().workers().join().size() == 1);
            // larger than what the connection and gRPC hold on the way
            master.master().submit(Specs.large("j", 8 << 20)).join();
            try (ScriptedWorker reader = ScriptedWorker.registered(master, "w2")) {
                deaf.beat(1);
                reader.beat(1);
                await().until(() -> master.master().workers().join().size() == 1);
                await().until(() -> reader.received().contains(new MasterMessage.HeartbeatSeen(1)));
                assertThat(reader.closed()).isNotDone();
            }
        }
    }

    @Test
    void aConnectionOnWhichNobodyRegistersIsClosed() {
        try (LiveMaster master = new LiveMaster(directory, new LinkLimits(1 << 20, 10_000, 300));
                ScriptedWorker silent = new ScriptedWorker(master, "w1", true)) {
            assertThat(silent.closed().join().code()).isEqualTo(ErrorCode.MESSAGE_INVALID);
        }
    }

    @Test
    void workersHearThatTheMasterEnds() {
        try (LiveMaster master = new LiveMaster(directory);
                ScriptedWorker worker = ScriptedWorker.registered(master, "w1")) {
            master.close();
            assertThat(worker.closed().join().code()).isEqualTo(ErrorCode.MASTER_UNREACHABLE);
        }
    }
}
