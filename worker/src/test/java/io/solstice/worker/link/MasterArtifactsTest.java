package io.solstice.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.solstice.common.config.Component;
import io.solstice.common.config.Listen;
import io.solstice.common.config.Security;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.Program.Artifact;
import io.solstice.common.rpc.RpcClient;
import io.solstice.common.rpc.RpcServer;
import io.solstice.proto.v1.DownloadArtifactRequest;
import io.solstice.proto.v1.DownloadArtifactResponse;
import io.solstice.proto.v1.JobServiceGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MasterArtifactsTest {
    private static final String DIGEST = "ab".repeat(32);

    private final RpcServer server = RpcServer.builder(
                    Component.MASTER,
                    new Listen("127.0.0.1", 0, "127.0.0.1", 1 << 20),
                    new Security(Optional.empty(), Optional.empty(), false))
            .service(new TwoPieces())
            .start();
    private final Endpoint endpoint = new Endpoint("127.0.0.1", server.port());
    private final MasterArtifacts artifacts = new MasterArtifacts(new MasterAddresses(
            List.of(new Endpoint("127.0.0.1", 1), endpoint),
            master -> RpcClient.to("master", master).build()));

    /** Has one artifact of six bytes. */
    private static final class TwoPieces extends JobServiceGrpc.JobServiceImplBase {
        @Override
        public void downloadArtifact(
                DownloadArtifactRequest request, StreamObserver<DownloadArtifactResponse> observer) {
            if (!request.getSha256().equals(DIGEST)) {
                throw ErrorCode.ARTIFACT_UNKNOWN.error("not here").toException();
            }
            for (String piece : new String[] {"abc", "def"}) {
                observer.onNext(DownloadArtifactResponse.newBuilder()
                        .setChunk(ByteString.copyFromUtf8(piece))
                        .build());
            }
            observer.onCompleted();
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ErrorCode refusal(Artifact artifact) {
        return catchThrowableOfType(
                        SolsticeException.class, () -> artifacts.fetch(artifact, new ByteArrayOutputStream()))
                .code();
    }

    @Test
    void thePiecesOfTheMasterThatAnswersAreWrittenInOrder() throws IOException {
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        artifacts.fetch(new Artifact(DIGEST, "a.jar", 6), jar);
        assertThat(jar).hasToString("abcdef");
    }

    @Test
    void aMasterThatDoesNotHaveItOrIsNotThereSaysSo() {
        assertThat(refusal(new Artifact("00".repeat(32), "a.jar", 6))).isEqualTo(ErrorCode.ARTIFACT_UNKNOWN);
        server.close();
        assertThat(refusal(new Artifact(DIGEST, "a.jar", 6))).isEqualTo(ErrorCode.MASTER_UNREACHABLE);
    }
}
