package io.solstice.common.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ListValue;
import com.google.protobuf.Value;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.solstice.common.config.Component;
import io.solstice.common.config.Listen;
import io.solstice.common.config.Security;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server as it is without any security, on loopback. */
class RpcServerTest {
    private static final Security NONE = new Security(Optional.empty(), Optional.empty(), false);

    private final EchoService echo = new EchoService();
    private RpcServer server;
    private RpcClient client;

    private static Listen on(int port) {
        return new Listen("127.0.0.1", port, "127.0.0.1", 64 << 10);
    }

    @BeforeEach
    void start() {
        server = RpcServer.builder(Component.MASTER, on(0), NONE).service(echo).start();
        client = RpcClient.to("master", server.endpoint()).build();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private SolsticeException failure(Runnable call) {
        return catchThrowableOfType(
                SolsticeException.class,
                () -> client.call(() -> {
                    call.run();
                    return "";
                }));
    }

    @Test
    void aServiceMayComeLaterAndGoAgain() {
        LateServices late =
                new LateServices(ErrorCode.NOT_LEADER.error("a standby").cause("another leads"));
        try (RpcServer standby = RpcServer.builder(Component.MASTER, on(0), NONE)
                        .service(late.of(echo.bindService().getServiceDescriptor()))
                        .serving(false)
                        .start();
                RpcClient caller = RpcClient.to("master", standby.endpoint()).build()) {
            assertThat(HealthGrpc.newBlockingStub(caller.channel())
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus())
                    .isEqualTo(ServingStatus.NOT_SERVING);
            assertThatThrownBy(() -> caller.call(() -> echo.say(caller.channel(), "", "hello")))
                    .hasMessageContaining("SOL-4118")
                    .hasMessageContaining("another leads");
            late.open(List.of(echo));
            assertThat(caller.call(() -> echo.say(caller.channel(), "", "hello")))
                    .isEqualTo("hello");
            late.refuse(ErrorCode.NOT_LEADER.error("no more"));
            assertThatThrownBy(() -> caller.call(() -> echo.say(caller.channel(), "", "hello")))
                    .hasMessageContaining("no more");
        }
    }

    @Test
    void answersOnAnyFreePort() {
        assertThat(server.port()).isPositive();
        assertThat(server.endpoint()).isEqualTo(new Endpoint("127.0.0.1", server.port()));
        assertThat(client.call(() -> echo.say(client.channel(), "", "hello"))).isEqualTo("hello");
        assertThat(client.call(() -> echo.say(client.channel(), "who", ""))).isEqualTo("ANONYMOUS anonymous");
        assertThat(server.banner())
                .isEqualTo("security: no TLS, no tokens: everybody who reaches it may call (this machine only)");
    }

    @Test
    void codedErrorsArriveAsTheyWereThrown() {
        SolsticeException unknown = failure(() -> echo.say(client.channel(), "throw", "etl"));
        assertThat(unknown.error())
                .isEqualTo(ErrorCode.JOB_UNKNOWN.error("no job 'etl'").help("solstice job list"));
        Status status = Status.fromThrowable(unknown);
        assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(status.getDescription()).isEqualTo("SOL-4106: no job 'etl'");

        assertThat(failure(() -> echo.say(client.channel(), "answer", "")).code())
                .isEqualTo(ErrorCode.DISK_FULL);
        SolsticeException defect = failure(() -> echo.say(client.channel(), "defect", ""));
        assertThat(defect.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(defect.error().cause()).isEqualTo("a defect");
    }

    @Test
    void longErrorsAreCutToWhatOtherClientsAccept() {
        SolsticeException unknown = failure(() -> echo.say(client.channel(), "throw", "x".repeat(50_000)));
        assertThat(unknown.code()).isEqualTo(ErrorCode.JOB_UNKNOWN);
        assertThat(unknown.error().what()).hasSize(1000).endsWith("…");
    }

    @Test
    void lateAnswersAreTimeOuts() {
        SolsticeException late = failure(() -> echo.say(
                client.channel(), "silence", CallOptions.DEFAULT.withDeadlineAfter(50, TimeUnit.MILLISECONDS)));
        assertThat(late.code()).isEqualTo(ErrorCode.TIMED_OUT);
    }

    @Test
    void messagesAreLimited() {
        SolsticeException refused = failure(() -> echo.say(client.channel(), "", "x".repeat(65 << 10)));
        assertThat(refused.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(refused.getMessage()).contains("65536", "message_limit");
        assertThat(client.call(() -> echo.say(client.channel(), "", "still there")))
                .isEqualTo("still there");
    }

    @Test
    void headersAreLimited() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("long", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(20 << 10));
        assertThatThrownBy(() -> echo.say(
                        io.grpc.ClientInterceptors.intercept(
                                client.channel(), MetadataUtils.newAttachHeadersInterceptor(headers)),
                        "",
                        "hello"))
                .isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void nestingIsLimited() {
        ListValue nested = ListValue.getDefaultInstance();
        for (int depth = 0; depth < 200; depth++) {
            nested = ListValue.newBuilder()
                    .addValues(Value.newBuilder().setListValue(nested))
                    .build();
        }
        ListValue deep = nested;
        assertThatThrownBy(() -> echo.nest(client.channel(), deep)).isInstanceOf(StatusRuntimeException.class);
        echo.nest(client.channel(), ListValue.getDefaultInstance());
    }

    @Test
    void tellsItsHealth() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(client.channel());
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
        server.setServing("", false);
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void namesItsServicesInBothDialects() throws Exception {
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> questions = ServerReflectionGrpc.newStub(client.channel())
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse answer) {
                        names.complete(answer.getListServicesResponse().getServiceList().stream()
                                .map(service -> service.getName())
                                .toList());
                    }

                    @Override
                    public void onError(Throwable failed) {
                        names.completeExceptionally(failed);
                    }

                    @Override
                    public void onCompleted() {}
                });
        questions.onNext(
                ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(names.get(10, TimeUnit.SECONDS))
                .contains(
                        "grpc.health.v1.Health",
                        "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection");
        questions.onCompleted();
    }

    @Test
    void saysWhoHoldsThePort() {
        assertThatThrownBy(() -> RpcServer.builder(Component.MASTER, on(server.port()), NONE)
                        .start())
                .isInstanceOf(SolsticeException.class)
                .message()
                .contains("error[SOL-4201]: port " + server.port() + " is taken", "--port 0");
        if (java.nio.file.Files.exists(java.nio.file.Path.of("/proc/net/tcp"))) {
            assertThat(PortHolder.of(server.port()))
                    .get()
                    .asString()
                    .startsWith("process " + ProcessHandle.current().pid() + " (");
        }
    }

    @Test
    void refusesAddressesOfOthers() {
        Listen elsewhere = new Listen("192.0.2.1", 0, "192.0.2.1", 64 << 10);
        Security open = new Security(Optional.empty(), Optional.empty(), true);
        assertThatThrownBy(() ->
                        RpcServer.builder(Component.MASTER, elsewhere, open).start())
                .message()
                .contains("SOL-4202", "192.0.2.1");
    }

    @Test
    void whoIsNotThereCannotBeReached() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (RpcClient nobody =
                RpcClient.to("master", new Endpoint("127.0.0.1", free)).build()) {
            assertThatThrownBy(() -> nobody.call(() -> echo.say(nobody.channel(), "", "")))
                    .message()
                    .contains(
                            "error[SOL-4206]: the master at 127.0.0.1:" + free + " cannot be reached",
                            "Connection refused");
        }
    }

    @Test
    void aClosedServerLeavesNoThreads() {
        RpcServer other =
                RpcServer.builder(Component.WORKER, on(0), NONE).service(echo).start();
        try (RpcClient caller = RpcClient.to("worker", other.endpoint()).build()) {
            caller.call(() -> echo.say(caller.channel(), "", "hello"));
        }
        other.close();
        org.awaitility.Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("worker-rpc")));
    }
}
