package io.solstice.api.cluster;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.solstice.api.program.ProgramJar;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Program.Artifact;
import io.solstice.common.wire.SpecCodec;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.UploadArtifactRequest;
import io.solstice.proto.v1.UploadArtifactResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One jar on its way to the master, a piece at a time, as fast as the network takes them. All of it but the waiting
 * happens on gRPC's thread for the call.
 */
final class ArtifactUpload implements ClientResponseObserver<UploadArtifactRequest, UploadArtifactResponse> {
    private static final int PIECE = 1 << 20;
    /** An upload of which nothing moves for so long has failed. */
    private static final long STALL_SECONDS = 30;

    private final Artifact artifact;
    private final InputStream content;
    private final Consumer<UploadProgress> told;
    private final CompletableFuture<UploadArtifactResponse> answer = new CompletableFuture<>();
    private volatile long sentBytes;
    private boolean named;
    private boolean complete;
    private @Nullable ClientCallStreamObserver<UploadArtifactRequest> call;

    private ArtifactUpload(Artifact artifact, InputStream content, Consumer<UploadProgress> told) {
        this.artifact = artifact;
        this.content = content;
        this.told = told;
    }

    /**
     * Sends a jar and waits until the master has stored it.
     *
     * @throws io.grpc.StatusRuntimeException as a blocking call would
     */
    static void send(ProgramJar jar, MasterConnection master, Consumer<UploadProgress> told) {
        try (InputStream content = jar.content().open()) {
            ArtifactUpload upload = new ArtifactUpload(jar.artifact(), content, told);
            master.<JobServiceGrpc.JobServiceStub>stub((channel, options) -> JobServiceGrpc.newStub(channel))
                    .uploadArtifact(upload);
            upload.awaitAnswer();
        } catch (IOException unreadable) {
            throw SolsticeException.of(unreadable);
        }
    }

    private void awaitAnswer() {
        long before = -1;
        while (true) {
            try {
                answer.get(STALL_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException slow) {
                if (before == sentBytes) {
                    stop("nothing was taken for " + STALL_SECONDS + " s");
                    throw ErrorCode.TIMED_OUT
                            .error("the upload of " + artifact.fileName() + " stands still")
                            .cause(sentBytes + " of " + artifact.sizeBytes() + " bytes were taken in all, none of them"
                                    + " in the last " + STALL_SECONDS + " s")
                            .toException(slow);
                }
                before = sentBytes;
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof RuntimeException known ? known : SolsticeException.of(failed);
            } catch (InterruptedException interrupted) {
                stop("interrupted");
                Thread.currentThread().interrupt();
                throw ErrorCode.TIMED_OUT
                        .error("interrupted during the upload of " + artifact.fileName())
                        .toException(interrupted);
            }
        }
    }

    private void stop(String why) {
        Objects.requireNonNull(call, "started").cancel(why, null);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<UploadArtifactRequest> started) {
        call = started;
        started.setOnReadyHandler(this::sendWhatFits);
    }

    private void sendWhatFits() {
        ClientCallStreamObserver<UploadArtifactRequest> to = Objects.requireNonNull(call, "started");
        try {
            while (to.isReady() && !complete && !answer.isDone()) {
                sendNext(to);
            }
        } catch (IOException unreadable) {
            answer.completeExceptionally(ErrorCode.ARTIFACT_UNREADABLE
                    .error("cannot read " + artifact.fileName() + " to its end")
                    .cause(unreadable.toString())
                    .toException(unreadable));
            to.cancel("the jar cannot be read", unreadable);
        }
    }

    private void sendNext(ClientCallStreamObserver<UploadArtifactRequest> to) throws IOException {
        UploadArtifactRequest.Builder request = UploadArtifactRequest.newBuilder();
        if (!named) {
            named = true;
            to.onNext(request.setArtifact(SpecCodec.toProto(artifact)).build());
            return;
        }
        byte[] piece = content.readNBytes(PIECE);
        if (piece.length == 0) {
            complete = true;
            to.onCompleted();
            return;
        }
        to.onNext(request.setChunk(UnsafeByteOperations.unsafeWrap(piece)).build());
        sentBytes += piece.length;
        told.accept(new UploadProgress(artifact.fileName(), sentBytes, artifact.sizeBytes()));
    }

    @Override
    public void onNext(UploadArtifactResponse stored) {
        answer.complete(stored);
    }

    @Override
    public void onError(Throwable why) {
        answer.completeExceptionally(Status.fromThrowable(why).asRuntimeException(Status.trailersFromThrowable(why)));
    }

    @Override
    public void onCompleted() {
        answer.completeExceptionally(Status.UNAVAILABLE
                .withDescription("the master ended the upload without an answer")
                .asRuntimeException());
    }
}
