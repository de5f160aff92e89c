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
import java.util.function.Supplier;

/** Fetches jars from the master, over a connection that lasts no longer than one of them takes. */
public final class MasterArtifacts implements ArtifactSource {
    private final Supplier<RpcClient> clients;

    /** @param clients makes a client of the master, not yet connected */
    public MasterArtifacts(Supplier<RpcClient> clients) {
        this.clients = clients;
    }

    @Override
    public void fetch(Artifact artifact, OutputStream into) throws IOException {
        DownloadArtifactRequest request = DownloadArtifactRequest.newBuilder()
                .setSha256(artifact.sha256())
                .build();
        try (RpcClient client = clients.get()) {
            Iterator<DownloadArtifactResponse> parts = client.call(
                    () -> JobServiceGrpc.newBlockingStub(client.channel()).downloadArtifact(request));
            while (client.call(parts::hasNext)) {
                client.call(parts::next).getChunk().writeTo(into);
            }
        }
    }
}
