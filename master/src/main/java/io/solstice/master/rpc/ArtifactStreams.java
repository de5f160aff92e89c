package io.solstice.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.solstice.common.loop.EventLoop;
import io.solstice.master.artifact.ArtifactStore;
import io.solstice.proto.v1.DownloadArtifactResponse;
import io.solstice.proto.v1.UploadArtifactRequest;
import io.solstice.proto.v1.UploadArtifactResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings jars in and out, on one thread that alone touches the store, and no faster than the other side takes them. */
public final class ArtifactStreams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactStreams.class);

    private final ArtifactStore store;
    private final EventLoop loop =
            new EventLoop("master-artifacts", defect -> LOG.error("a defect of the artifact store", defect));

    public ArtifactStreams(ArtifactStore store) {
        this.store = store;
    }

    CompletableFuture<List<String>> missing(List<String> digests) {
        return CompletableFuture.supplyAsync(() -> store.missing(digests), loop::submit);
    }

    StreamObserver<UploadArtifactRequest> upload(StreamObserver<UploadArtifactResponse> observer) {
        var call = (ServerCallStreamObserver<UploadArtifactResponse>) observer;
        UploadStream upload = new UploadStream(call, store);
        call.disableAutoRequest();
        call.setOnCancelHandler(() -> loop.submit(upload::end));
        call.request(1);
        return upload.incoming(loop);
    }

    void download(String sha256, StreamObserver<DownloadArtifactResponse> observer) {
        var call = (ServerCallStreamObserver<DownloadArtifactResponse>) observer;
        DownloadStream download = new DownloadStream(call, store, sha256);
        call.setOnReadyHandler(() -> loop.submit(download::pump));
        call.setOnCancelHandler(() -> loop.submit(download::end));
        loop.submit(download::pump);
    }

    @Override
    public void close() {
        loop.close();
    }
}
