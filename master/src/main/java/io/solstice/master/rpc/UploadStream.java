package io.solstice.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.Program.Artifact;
import io.solstice.common.wire.SpecCodec;
import io.solstice.master.artifact.ArtifactStore;
import io.solstice.master.artifact.ArtifactUpload;
import io.solstice.proto.v1.UploadArtifactRequest;
import io.solstice.proto.v1.UploadArtifactResponse;
import org.jspecify.annotations.Nullable;

/** One jar on its way in; the next piece is asked for when the last is on the disk. On the loop of artifacts. */
final class UploadStream {
    private final ServerCallStreamObserver<UploadArtifactResponse> call;
    private final ArtifactStore store;
    private @Nullable ArtifactUpload upload;
    private @Nullable Artifact artifact;
    private boolean ended;

    UploadStream(ServerCallStreamObserver<UploadArtifactResponse> call, ArtifactStore store) {
        this.call = call;
        this.store = store;
    }

    StreamObserver<UploadArtifactRequest> incoming(EventLoop loop) {
        return new StreamObserver<>() {
            @Override
            public void onNext(UploadArtifactRequest request) {
                loop.submit(() -> step(() -> received(request)));
            }

            @Override
            public void onError(Throwable broken) {
                loop.submit(UploadStream.this::end);
            }

            @Override
            public void onCompleted() {
                loop.submit(() -> step(UploadStream.this::finish));
            }
        };
    }

    private void step(Runnable step) {
        if (ended) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException failure) {
            end();
            call.onError(SolsticeException.of(failure));
        }
    }

    private void received(UploadArtifactRequest request) {
        switch (request.getKindCase()) {
            case ARTIFACT -> begin(SpecCodec.fromProto(request.getArtifact()));
            case CHUNK -> {
                if (upload == null) {
                    throw outOfOrder("the first message must name the artifact");
                }
                upload.write(request.getChunk().asReadOnlyByteBuffer());
            }
            case KIND_NOT_SET -> throw outOfOrder("a message was empty");
        }
        if (!ended) {
            call.request(1);
        }
    }

    private void begin(Artifact named) {
        if (artifact != null) {
            throw outOfOrder("a second artifact was named");
        }
        artifact = named;
        if (store.has(named.sha256())) {
            stored(named);
        } else {
            upload = store.upload(named);
        }
    }

    private void finish() {
        if (upload == null || artifact == null) {
            throw outOfOrder("the stream ended before it named an artifact");
        }
        upload.finish();
        stored(artifact);
    }

    /** What else comes is not read. */
    private void stored(Artifact complete) {
        end();
        call.onNext(UploadArtifactResponse.newBuilder()
                .setArtifact(SpecCodec.toProto(complete))
                .build());
        call.onCompleted();
    }

    private static SolsticeException outOfOrder(String cause) {
        return ErrorCode.MESSAGE_INVALID
                .error("the upload of an artifact cannot be understood")
                .cause(cause)
                .toException();
    }

    void end() {
        ended = true;
        if (upload != null) {
            upload.abort();
        }
    }
}
