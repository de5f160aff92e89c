package io.solstice.master.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.master.artifact.ArtifactStore;
import io.solstice.proto.v1.DownloadArtifactResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** One jar on its way out, as fast as the other side reads. On the loop of artifacts. */
final class DownloadStream {
    private static final int CHUNK_BYTES = 1 << 20;

    private final ServerCallStreamObserver<DownloadArtifactResponse> call;
    private final ArtifactStore store;
    private final String sha256;
    private @Nullable FileChannel file;
    private boolean ended;

    DownloadStream(ServerCallStreamObserver<DownloadArtifactResponse> call, ArtifactStore store, String sha256) {
        this.call = call;
        this.store = store;
        this.sha256 = sha256;
    }

    void pump() {
        try {
            while (!ended && call.isReady()) {
                sendNext();
            }
        } catch (IOException failure) {
            fail(ErrorCode.IO_FAILED
                    .error("artifact " + sha256 + " could not be read")
                    .cause(String.valueOf(failure))
                    .toException(failure));
        } catch (RuntimeException failure) {
            fail(SolsticeException.of(failure));
        }
    }

    private void sendNext() throws IOException {
        if (file == null) {
            file = store.open(sha256);
        }
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, file.size() - file.position()));
        while (chunk.hasRemaining() && file.read(chunk) >= 0) {
            // until the piece is whole
        }
        chunk.flip();
        if (chunk.hasRemaining()) {
            call.onNext(DownloadArtifactResponse.newBuilder()
                    .setChunk(ByteString.copyFrom(chunk))
                    .build());
        }
        if (file.position() >= file.size()) {
            end();
            call.onCompleted();
        }
    }

    private void fail(SolsticeException failure) {
        if (!ended) {
            end();
            call.onError(failure);
        }
    }

    void end() {
        ended = true;
        if (file != null) {
            try {
                file.close();
            } catch (IOException ignored) {
                // it was only read
            }
        }
    }
}
