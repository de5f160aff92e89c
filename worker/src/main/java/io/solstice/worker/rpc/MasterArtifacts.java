package io.solstice.worker.rpc;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.protocol.Program.Artifact;
import io.solstice.common.rpc.RpcClient;
import io.solstice.proto.v1.DownloadArtifactRequest;
import io.solstice.proto.v1.DownloadArtifactResponse;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.worker.code.ArtifactSource;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Brings jars from the master, as fast as they are written here; each over a connection of its own. */
public final class MasterArtifacts implements ArtifactSource {
    private static final long LIMIT_MINS = 10;

    private final Supplier<RpcClient> clients;

    /** @param clients makes a client of the master, not yet connected */
    public MasterArtifacts(Supplier<RpcClient> clients) {
        this.clients = clients;
    }

    /** Fails with what the master said, and as soon as more comes than was announced. */
    @Override
    public void fetch(Artifact artifact, OutputStream into) throws IOException {
        try (RpcClient client = clients.get()) {
            Iterator<DownloadArtifactResponse> pieces =
                    client.call(() -> JobServiceGrpc.newBlockingStub(client.channel())
                            .withDeadlineAfter(LIMIT_MINS, TimeUnit.MINUTES)
                            .downloadArtifact(DownloadArtifactRequest.newBuilder()
                                    .setSha256(artifact.sha256())
                                    .build()));
            long left = artifact.sizeBytes();
            while (client.call(pieces::hasNext)) {
                DownloadArtifactResponse piece = client.call(pieces::next);
                left -= piece.getChunk().size();
                if (left < 0) {
                    throw ErrorCode.ARTIFACT_UNREADABLE
                            .error("artifact '" + artifact.fileName() + "' is not what the job says")
                            .cause("more than its " + artifact.sizeBytes() + " bytes came from the master")
                            .help("submit the job again")
                            .toException();
                }
                piece.getChunk().writeTo(into);
            }
        }
    }
}
