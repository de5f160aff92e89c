package io.solstice.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.solstice.common.config.Component;
import io.solstice.common.config.Listen;
import io.solstice.common.config.Security;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.common.rpc.LateServices;
import io.solstice.common.rpc.RpcClient;
import io.solstice.common.rpc.RpcServer;
import io.solstice.common.wire.MessageCodec;
import io.solstice.proto.v1.WorkerLinkGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GrpcMasterPortTest {
    private static final WorkerRegistration REGISTRATION = new WorkerRegistration(
            new WorkerId("w"), new Endpoint("127.0.0.1", 9_000), Resources.NONE, "1", "test", List.of());
    private static final RunId RUN = new RunId(new JobId("j"), 1);

    private final StandInMaster master = new StandInMaster();
    private final RpcServer server = RpcServer.builder(
                    Component.MASTER,
                    new Listen("127.0.0.1", 0, "127.0.0.1", 16 << 20),
                    new Security(Optional.empty(), Optional.empty(), false))
            .service(master)
            .start();
    private final Heard heard = new Heard();

    /** Keeps what comes, and lets the test decide when more is read. */
    private static final class StandInMaster extends WorkerLinkGrpc.WorkerLinkImplBase {
        private final List<WorkerMessage> received = new CopyOnWriteArrayList<>();
        private volatile boolean reading = true;
        private volatile boolean halfClosed;
        private volatile CompletableFuture<ServerCallStreamObserver<io.solstice.proto.v1.MasterMessage>> call =
                new CompletableFuture<>();

        @Override
        public StreamObserver<io.solstice.proto.v1.WorkerMessage> connect(
                StreamObserver<io.solstice.proto.v1.MasterMessage> observer) {
            var started = (ServerCallStreamObserver<io.solstice.proto.v1.MasterMessage>) observer;
            started.disableAutoRequest();
            started.setOnCancelHandler(() -> {});
            started.request(1);
            call.complete(started);
            return new StreamObserver<>() {
                @Override
                public void onNext(io.solstice.proto.v1.WorkerMessage message) {
                    received.add(MessageCodec.fromProto(message));
                    if (reading) {
                        started.request(1);
                    }
                }

                @Override
                public void onError(Throwable broken) {}

                @Override
                public void onCompleted() {
                    halfClosed = true;
                    started.onCompleted();
                }
            };
        }

        void send(MasterMessage message) {
            call.join().onNext(MessageCodec.toProto(message));
        }
    }

    /** What the worker hears. */
    private static final class Heard implements MasterPort.Listener {
        private final List<MasterMessage> received = new CopyOnWriteArrayList<>();
        private final CompletableFuture<String> closed = new CompletableFuture<>();

        @Override
        public void received(MasterMessage message) {
            received.add(message);
        }

        @Override
        public void closed(String why) {
            assertThat(closed.complete(why)).as("closed once").isTrue();
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private GrpcMasterPort port(int maxWaiting) {
        Endpoint endpoint = new Endpoint("127.0.0.1", server.port());
        return port(maxWaiting, endpoint);
    }

    private static GrpcMasterPort port(int maxWaiting, Endpoint... masters) {
        return new GrpcMasterPort(
                new MasterAddresses(
                        List.of(masters),
                        master -> RpcClient.to("master", master).build()),
                maxWaiting);
    }

    private static WorkerMessage report(String splitId) {
        TaskId task = new TaskId(RUN.job(), new StageId("s"), 0);
        return new WorkerMessage.Report(new WorkerReport.SplitFinished(RUN, task, new StageId("s"), splitId));
    }

    @Test
    void theRegistrationComesFirstAndAllElseInOrder() {
        try (GrpcMasterPort port = port(1_000)) {
            MasterPort.Link link = port.open(REGISTRATION, heard);
            for (int i = 0; i < 500; i++) {
                link.send(report("split-" + i));
            }
            await().until(() -> master.received.size() == 501);
            assertThat(master.received.get(0)).isEqualTo(new WorkerMessage.Register(REGISTRATION));
            for (int i = 0; i < 500; i++) {
                assertThat(master.received.get(i + 1)).isEqualTo(report("split-" + i));
            }
            for (int i = 0; i < 500; i++) {
                master.send(new MasterMessage.HeartbeatSeen(i));
            }
            await().until(() -> heard.received.size() == 500);
            assertThat(heard.received.get(499)).isEqualTo(new MasterMessage.HeartbeatSeen(499));
            link.close();
        }
    }

    @Test
    void whatWasSentBeforeTheEndArrivesAndTheListenerHearsNothing() {
        try (GrpcMasterPort port = port(1_000)) {
            MasterPort.Link link = port.open(REGISTRATION, heard);
            link.send(new WorkerMessage.Leaving());
            link.close();
            await().until(() -> master.halfClosed);
            assertThat(master.received)
                    .containsExactly(new WorkerMessage.Register(REGISTRATION), new WorkerMessage.Leaving());
        }
        assertThat(heard.closed).isNotDone();
    }

    @Test
    void aMasterThatGoesAwayIsNoticedWithinHalfASecond() {
        try (GrpcMasterPort port = port(1_000)) {
            port.open(REGISTRATION, heard);
            await().until(() -> master.received.size() == 1);
            master.call
                    .join()
                    .onError(ErrorCode.WORKER_EXISTS
                            .error("taken")
                            .cause("by another")
                            .toException());
            await().atMost(Duration.ofMillis(500)).until(heard.closed::isDone);
            assertThat(heard.closed.join()).isEqualTo("taken: by another");
        }
    }

    @Test
    void aMasterThatIsNotThereIsReportedAndAnotherAttemptConnects() {
        try (GrpcMasterPort nobody = port(10, new Endpoint("127.0.0.1", 1));
                GrpcMasterPort port = port(1_000)) {
            nobody.open(REGISTRATION, heard);
            assertThat(heard.closed.join()).contains("cannot be reached").contains("127.0.0.1:1");
            Heard again = new Heard();
            port.open(REGISTRATION, again);
            await().until(() -> master.received.size() == 1);
        }
    }

    private static SolsticeException standby() {
        return ErrorCode.NOT_LEADER.error("a standby").cause("another leads").toException();
    }

    /** A server whose services nobody stands behind. */
    private static RpcServer standbyServer() {
        LateServices services = new LateServices(ErrorCode.NOT_LEADER.error("a standby"));
        return RpcServer.builder(
                        Component.MASTER,
                        new Listen("127.0.0.1", 0, "127.0.0.1", 16 << 20),
                        new Security(Optional.empty(), Optional.empty(), false))
                .service(services.of(WorkerLinkGrpc.getServiceDescriptor()))
                .start();
    }

    @Test
    void theOneThatLeadsIsFoundAmongSeveral() {
        try (RpcServer standby = standbyServer();
                GrpcMasterPort port = port(
                        1_000,
                        new Endpoint("127.0.0.1", 1),
                        new Endpoint("127.0.0.1", standby.port()),
                        new Endpoint("127.0.0.1", server.port()))) {
            MasterPort.Link link = port.open(REGISTRATION, heard);
            await().until(() -> master.received.size() == 1);
            master.send(new MasterMessage.HeartbeatSeen(1));
            await().until(() -> heard.received.size() == 1);
            link.send(report("a"));
            await().until(() -> master.received.size() == 2);
            assertThat(heard.closed).isNotDone();
            link.close();
        }
    }

    @Test
    void aStandbyIsAskedAgainForItMayLeadSoon() {
        try (GrpcMasterPort port = port(1_000)) {
            port.open(REGISTRATION, heard);
            await().until(() -> master.received.size() == 1);
            var refused = master.call.join();
            master.call = new CompletableFuture<>();
            refused.onError(standby());
            await().until(() -> master.received.size() == 2);
            assertThat(heard.closed).isNotDone();
        }
    }

    @Test
    void whereThereAreStandbysOnlyThatIsToldInTheEnd() {
        try (RpcServer standby = standbyServer();
                GrpcMasterPort port =
                        port(10, new Endpoint("127.0.0.1", standby.port()), new Endpoint("127.0.0.1", 1))) {
            port.open(REGISTRATION, heard);
            assertThat(heard.closed.join()).contains("a standby", "127.0.0.1:1");
        }
    }

    @Test
    void oneThatDoesNotAnswerIsLeftForTheNext() {
        try (RpcServer standby = standbyServer();
                GrpcMasterPort port =
                        port(10, new Endpoint("127.0.0.1", server.port()), new Endpoint("127.0.0.1", standby.port()))) {
            port.open(REGISTRATION, heard);
            assertThat(heard.closed.join()).contains("does not answer", "a standby");
        }
    }

    @Test
    void whileTheMasterDoesNotReadHeartbeatsGiveWayAndReportsWait() {
        master.reading = false;
        try (GrpcMasterPort port = port(100_000)) {
            MasterPort.Link link = port.open(REGISTRATION, heard);
            // more than the connection and gRPC hold on the way
            String padding = "x".repeat(10_000);
            int reports = 400;
            for (int i = 0; i < reports; i++) {
                link.send(report(i + padding));
            }
            for (int i = 0; i < 10_000; i++) {
                link.send(new WorkerMessage.Heartbeat(i, 0, List.of()));
            }
            master.reading = true;
            master.call.join().request(1);
            await().until(() -> master.received.contains(new WorkerMessage.Heartbeat(9_999, 0, List.of())));
            List<WorkerMessage> kept = master.received.stream()
                    .filter(WorkerMessage.Report.class::isInstance)
                    .toList();
            assertThat(kept).hasSize(reports);
            for (int i = 0; i < reports; i++) {
                assertThat(kept.get(i)).isEqualTo(report(i + padding));
            }
            assertThat(master.received.size()).isLessThan(reports + 5_000);
            link.close();
        }
    }

    @Test
    void aMasterThatNeverReadsIsGivenUp() {
        master.reading = false;
        try (GrpcMasterPort port = port(100)) {
            MasterPort.Link link = port.open(REGISTRATION, heard);
            String padding = "x".repeat(100_000);
            for (int i = 0; i < 200; i++) {
                link.send(report(i + padding));
            }
            assertThat(heard.closed.join()).contains("does not read");
        }
    }

    @Test
    void aMessageThatIsNotUnderstoodEndsTheConnection() {
        try (GrpcMasterPort port = port(100)) {
            port.open(REGISTRATION, heard);
            master.call.join().onNext(io.solstice.proto.v1.MasterMessage.getDefaultInstance());
            assertThat(heard.closed.join()).contains("kind");
        }
    }
}
