package io.solstice.worker.link;

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

/** Jars as the master has them. Each one is brought over a connection of its own, which ends with it. */
public final class MasterArtifacts implements ArtifactSource {
    private static final long PATIENCE_MINUTES = 10;

    private final Supplier<RpcClient> clients;

    /** @param clients makes a client of the master, not yet connected */
    public MasterArtifacts(Supplier<RpcClient> clients) {
        this.clients = clients;
    }

    @Override
    public void fetch(Artifact artifact, OutputStream into) throws IOException {
        try (RpcClient client = clients.get()) {
            Iterator<DownloadArtifactResponse> pieces =
                    client.call(() -> JobServiceGrpc.newBlockingStub(client.channel())
                            .withDeadlineAfter(PATIENCE_MINUTES, TimeUnit.MINUTES)
                            .downloadArtifact(DownloadArtifactRequest.newBuilder()
                                    .setSha256(artifact.sha256())
                                    .build()));
            while (client.call(pieces::hasNext)) {
                pieces.next().getChunk().writeTo(into);
            }
        }
    }
}
