package io.solstice.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.Program.Artifact;
import io.solstice.common.wire.SpecCodec;
import io.solstice.proto.v1.DownloadArtifactRequest;
import io.solstice.proto.v1.DownloadArtifactResponse;
import io.solstice.proto.v1.FindMissingArtifactsRequest;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.UploadArtifactRequest;
import io.solstice.proto.v1.UploadArtifactResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ArtifactStreamsTest {
    @TempDir
    Path directory;

    /** An upload under way, as its client sees it. */
    private static final class Upload implements ClientResponseObserver<UploadArtifactRequest, UploadArtifactResponse> {
        private final LiveMaster master;
        private final CompletableFuture<UploadArtifactResponse> answer = new CompletableFuture<>();
        private final CompletableFuture<ClientCallStreamObserver<UploadArtifactRequest>> call =
                new CompletableFuture<>();

        Upload(LiveMaster master) {
            this.master = master;
            JobServiceGrpc.newStub(master.client().channel()).uploadArtifact(this);
        }

        Upload name(Artifact artifact) {
            call.join()
                    .onNext(UploadArtifactRequest.newBuilder()
                            .setArtifact(SpecCodec.toProto(artifact))
                            .build());
            return this;
        }

        Upload chunks(byte[] bytes, int size) {
            for (int at = 0; at < bytes.length; at += size) {
                call.join()
                        .onNext(UploadArtifactRequest.newBuilder()
                                .setChunk(ByteString.copyFrom(bytes, at, Math.min(size, bytes.length - at)))
                                .build());
            }
            return this;
        }

        Upload end() {
            call.join().onCompleted();
            return this;
        }

        void breakOff() {
            call.join().cancel("the client ends", null);
        }

        SolsticeError refusal() {
            return master.client().decode(catchThrowable(answer::join)).error();
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<UploadArtifactRequest> started) {
            call.complete(started);
        }

        @Override
        public void onNext(UploadArtifactResponse response) {
            answer.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {}
    }

    private static byte[] jar(int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(jar)) {
            zip.putNextEntry(new ZipEntry("a.class"));
            zip.write(content);
        }
        return jar.toByteArray();
    }

    private static Artifact artifact(byte[] jar) throws Exception {
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(jar));
        return new Artifact(digest, "../../job.jar", jar.length);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static byte[] download(LiveMaster master, String sha256) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        master.jobs()
                .downloadArtifact(
                        DownloadArtifactRequest.newBuilder().setSha256(sha256).build())
                .forEachRemaining(piece -> bytes.writeBytes(piece.getChunk().toByteArray()));
        return bytes.toByteArray();
    }

    @Test
    void whatIsUploadedIsWhatIsDownloadedAndIsNamedByItsContent() throws Exception {
        byte[] jar = jar(3_500_000);
        Artifact artifact = artifact(jar);
        try (LiveMaster master = new LiveMaster(directory)) {
            FindMissingArtifactsRequest question = FindMissingArtifactsRequest.newBuilder()
                    .addSha256(artifact.sha256())
                    .build();
            assertThat(master.jobs().findMissingArtifacts(question).getMissingSha256List())
                    .containsExactly(artifact.sha256());
            new Upload(master).name(artifact).chunks(jar, 1 << 20).end().answer.join();
            assertThat(master.jobs().findMissingArtifacts(question).getMissingSha256List())
                    .isEmpty();
            assertThat(files()).containsExactly(artifact.sha256());
            assertThat(download(master, artifact.sha256())).isEqualTo(jar);
            // once is enough: the answer comes before the bytes do
            new Upload(master).name(artifact).answer.join();
        }
    }

    @Test
    void severalUploadsOfOneArtifactAtOnceAllSucceed() throws Exception {
        byte[] jar = jar(300_000);
        Artifact artifact = artifact(jar);
        try (LiveMaster master = new LiveMaster(directory)) {
            List<Upload> uploads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                uploads.add(new Upload(master).name(artifact).chunks(jar, 10_000));
            }
            uploads.forEach(Upload::end);
            uploads.forEach(
                    upload -> assertThat(upload.answer.join().getArtifact()).isEqualTo(SpecCodec.toProto(artifact)));
            assertThat(files()).containsExactly(artifact.sha256());
        }
    }

    @Test
    void whatIsNotWhatItWasSaidToBeIsRefusedAndLeavesNothing() throws Exception {
        byte[] jar = jar(1_000);
        Artifact right = artifact(jar);
        byte[] text = "not a jar at all".repeat(10).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] changed = jar.clone();
        changed[100] ^= 1;
        try (LiveMaster master = new LiveMaster(directory)) {
            assertRefused(new Upload(master).name(right).chunks(changed, 100).end(), "SHA-256");
            assertRefused(
                    new Upload(master).name(right).chunks(new byte[500], 100).end(), "only 500 of");
            assertRefused(
                    new Upload(master)
                            .name(right)
                            .chunks(new byte[5_000], 5_000)
                            .end(),
                    "more than");
            assertRefused(
                    new Upload(master).name(artifact(text)).chunks(text, 100).end(), "not a jar");
            await().until(() -> files().isEmpty());
        }
    }

    private static void assertRefused(Upload upload, String cause) {
        SolsticeError error = upload.refusal();
        assertThat(error.code()).isEqualTo(ErrorCode.ARTIFACT_UNREADABLE);
        assertThat(error.cause()).contains(cause);
    }

    @Test
    void tooLargeAndOutOfOrderUploadsAreRefused() throws Exception {
        byte[] jar = jar(1_000);
        Artifact right = artifact(jar);
        Artifact large = new Artifact(right.sha256(), "a.jar", LiveMaster.ARTIFACT_LIMIT + 1);
        Artifact path = new Artifact("../../etc/passwd", "a.jar", 10);
        try (LiveMaster master = new LiveMaster(directory)) {
            assertThat(new Upload(master).name(large).refusal().code()).isEqualTo(ErrorCode.ARTIFACT_TOO_LARGE);
            assertThat(new Upload(master).name(path).refusal().code()).isEqualTo(ErrorCode.MESSAGE_INVALID);
            assertThat(new Upload(master).chunks(jar, 100).refusal().cause()).contains("first message");
            assertThat(new Upload(master).name(right).name(right).refusal().cause())
                    .contains("second artifact");
            assertThat(new Upload(master).end().refusal().cause()).contains("ended before");
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void anUploadThatBreaksOffLeavesNothing() throws Exception {
        byte[] jar = jar(100_000);
        try (LiveMaster master = new LiveMaster(directory)) {
            Upload upload = new Upload(master).name(artifact(jar)).chunks(jar, 10_000);
            await().until(() -> files().size() == 1);
            upload.breakOff();
            await().until(() -> files().isEmpty());
        }
    }

    @Test
    void whatACrashLeftIsThrownAwayAtTheStart() throws Exception {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("uploading-123"), "half");
        try (LiveMaster master = new LiveMaster(directory)) {
            assertThat(files()).isEmpty();
            SolsticeError unknown = master.client()
                    .decode(catchThrowable(() -> download(master, "00".repeat(32))))
                    .error();
            assertThat(unknown.code()).isEqualTo(ErrorCode.ARTIFACT_UNKNOWN);
        }
    }

    @Test
    void aDownloadThatIsBrokenOffClosesItsFile() throws Exception {
        byte[] jar = jar(6_000_000);
        Artifact artifact = artifact(jar);
        try (LiveMaster master = new LiveMaster(directory)) {
            new Upload(master).name(artifact).chunks(jar, 1 << 20).end().answer.join();
            CompletableFuture<ClientCallStreamObserver<DownloadArtifactRequest>> call = new CompletableFuture<>();
            CompletableFuture<DownloadArtifactResponse> first = new CompletableFuture<>();
            JobServiceGrpc.newStub(master.client().channel())
                    .downloadArtifact(
                            DownloadArtifactRequest.newBuilder()
                                    .setSha256(artifact.sha256())
                                    .build(),
                            new ClientResponseObserver<DownloadArtifactRequest, DownloadArtifactResponse>() {
                                @Override
                                public void beforeStart(ClientCallStreamObserver<DownloadArtifactRequest> started) {
                                    started.disableAutoRequestWithInitial(1);
                                    call.complete(started);
                                }

                                @Override
                                public void onNext(DownloadArtifactResponse response) {
                                    first.complete(response);
                                }

                                @Override
                                public void onError(Throwable failure) {}

                                @Override
                                public void onCompleted() {}
                            });
            first.join();
            assertThat(openFiles(artifact.sha256())).isEqualTo(1);
            call.join().cancel("enough", null);
            await().until(() -> openFiles(artifact.sha256()) == 0);
        }
    }

    /** Of this process, where the system can tell. */
    private static long openFiles(String name) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().contains(name);
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}
