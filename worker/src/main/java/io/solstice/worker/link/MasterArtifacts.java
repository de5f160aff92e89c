package io.solstice.worker.link;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
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

/** Jars as the leading master has them. Each one is brought over a connection of its own, which ends with it. */
public final class MasterArtifacts implements ArtifactSource {
    private static final long PATIENCE_MINUTES = 10;

    private final MasterAddresses masters;

    public MasterArtifacts(MasterAddresses masters) {
        this.masters = masters;
    }

    @Override
    public void fetch(Artifact artifact, OutputStream into) throws IOException {
        int first = masters.current();
        for (int tried = 1; ; tried++) {
            boolean begun = false;
            try (RpcClient client = masters.client((first + tried - 1) % masters.count())) {
                Iterator<DownloadArtifactResponse> pieces =
                        client.call(() -> JobServiceGrpc.newBlockingStub(client.channel())
                                .withDeadlineAfter(PATIENCE_MINUTES, TimeUnit.MINUTES)
                                .downloadArtifact(DownloadArtifactRequest.newBuilder()
                                        .setSha256(artifact.sha256())
                                        .build()));
                while (client.call(pieces::hasNext)) {
                    begun = true;
                    pieces.next().getChunk().writeTo(into);
                }
                return;
            } catch (SolsticeException failed) {
                boolean elsewhere =
                        failed.code() == ErrorCode.NOT_LEADER || failed.code() == ErrorCode.MASTER_UNREACHABLE;
                if (begun || !elsewhere || tried == masters.count()) {
                    throw failed;
                }
            }
        }
    }
}
