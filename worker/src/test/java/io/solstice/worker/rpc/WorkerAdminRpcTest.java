package io.solstice.worker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.solstice.common.config.Component;
import io.solstice.common.config.Listen;
import io.solstice.common.config.Security;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.CredentialWalk;
import io.solstice.common.rpc.RpcClient;
import io.solstice.common.rpc.RpcServer;
import io.solstice.proto.v1.GetWorkerRequest;
import io.solstice.proto.v1.SetLogLevelRequest;
import io.solstice.proto.v1.WorkerAdminServiceGrpc;
import io.solstice.proto.v1.WorkerSelf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerAdminRpcTest {
    private CompletableFuture<WorkerStatus> status = new CompletableFuture<>();
    private final RpcServer server = RpcServer.builder(
                    Component.WORKER,
                    new Listen("127.0.0.1", 0, "127.0.0.1", 1 << 20),
                    new Security(Optional.empty(), Optional.empty(), false))
            .service(new WorkerAdminRpc(() -> status))
            .start();
    private final RpcClient client =
            RpcClient.to("worker", new Endpoint("127.0.0.1", server.port())).build();
    private final WorkerAdminServiceGrpc.WorkerAdminServiceBlockingStub worker =
            WorkerAdminServiceGrpc.newBlockingStub(client.channel());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void theWorkerTellsWhatItKnowsOfItself() {
        TaskId task = new TaskId(new JobId("j"), new StageId("s"), 3);
        status.complete(new WorkerStatus(
                new WorkerId("w"),
                "1",
                "c",
                "localhost:7070",
                "CONNECTED",
                4,
                Resources.DEFAULT,
                99,
                List.of(task),
                2));
        WorkerSelf self = worker.getWorker(GetWorkerRequest.getDefaultInstance());
        assertThat(self.getWorkerId()).isEqualTo("w");
        assertThat(self.getLink()).isEqualTo("CONNECTED");
        assertThat(self.getTerm()).isEqualTo(4);
        assertThat(self.getFencedMasters()).isEqualTo(2);
        assertThat(self.getTasksList()).containsExactly("j/s/3");
        assertThat(self.getOffered().getNumCpus()).isEqualTo(1);
    }

    @Test
    void failuresAreCoded() {
        status = CompletableFuture.failedFuture(
                ErrorCode.ENGINE_CLOSED.error("the worker ends").toException());
        assertThat(client.decode(catchThrowable(() -> worker.getWorker(GetWorkerRequest.getDefaultInstance())))
                        .code())
                .isEqualTo(ErrorCode.ENGINE_CLOSED);
        assertThat(client.decode(catchThrowable(() -> worker.setLogLevel(
                                SetLogLevelRequest.newBuilder().setLevel("LOUD").build())))
                        .code())
                .isEqualTo(ErrorCode.OPTION_INVALID);
    }

    @Test
    void noMethodAnswersWithoutCredentials(@TempDir Path folder) throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "ada: ada-0123456789abcdef\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        Security security = new Security(Optional.empty(), Optional.of(tokens), false);
        try (RpcServer closed = RpcServer.builder(
                                Component.WORKER, new Listen("127.0.0.1", 0, "127.0.0.1", 1 << 20), security)
                        .service(new WorkerAdminRpc(() -> status))
                        .start();
                RpcClient stranger = RpcClient.to("worker", new Endpoint("127.0.0.1", closed.port()))
                        .build()) {
            CredentialWalk.everyMethodIsRefused(closed, stranger.channel());
        }
    }
}
