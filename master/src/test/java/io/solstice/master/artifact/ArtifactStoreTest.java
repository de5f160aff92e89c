package io.solstice.master.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Program.Artifact;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreTest {
    @TempDir
    private Path directory;

    private final Set<String> needed = new HashSet<>();
    private long nowMillis = 1_000_000;

    private final Clock clock = new Clock() {
        @Override
        public long wallMillis() {
            nowMillis += 10_000;
            return nowMillis;
        }

        @Override
        public long monotonicNanos() {
            throw new AssertionError("only the wall clock counts");
        }
    };

    private static byte[] jar(int number) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("entry-" + number));
        }
        return bytes.toByteArray();
    }

    private static String upload(ArtifactStore store, int number) throws Exception {
        byte[] content = jar(number);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        ArtifactUpload upload = store.upload(new Artifact(digest, number + ".jar", content.length));
        upload.write(ByteBuffer.wrap(content));
        upload.finish();
        return digest;
    }

    @Test
    void theLongestUnusedMakesRoomAndWhatLivingJobsNeedStays() throws Exception {
        long room = 3L * jar(1).length;
        ArtifactStore store = new ArtifactStore(
                directory, 1 << 20, new Room(room, () -> CompletableFuture.completedFuture(needed), clock));
        String ofJob = upload(store, 1);
        needed.add(ofJob);
        String asked = upload(store, 2);
        String unused = upload(store, 3);
        assertThat(store.missing(List.of(asked))).isEmpty();
        String newest = upload(store, 4);
        assertThat(store.missing(List.of(ofJob, asked, unused, newest))).containsExactly(unused);
        needed.addAll(List.of(asked, newest));
        String fits = upload(store, 5);
        assertThat(store.missing(List.of(ofJob, asked, newest, fits)))
                .as("all needed")
                .isEmpty();
        needed.clear();
        upload(store, 6);
        assertThat(store.missing(List.of(ofJob, asked, newest))).hasSize(2);
    }

    private ArtifactStore master(String name, ObjectStore shared, long room) {
        return new ArtifactStore(
                directory.resolve(name),
                1 << 20,
                new Room(room, () -> CompletableFuture.completedFuture(needed), clock),
                new SharedArtifacts(shared));
    }

    @Test
    void aMasterThatComesLaterHasWhatTheFirstHad() throws Exception {
        Map<String, String> place =
                Map.of("base_path", directory.resolve("journal").toString());
        long room = 3L * jar(1).length;
        try (ObjectStore shared = ObjectStores.open(place)) {
            ArtifactStore first = master("one", shared, room);
            String digest = upload(first, 1);
            ArtifactStore second = master("two", shared, room);
            assertThat(second.missing(List.of(digest))).isEmpty();
            try (FileChannel jar = second.open(digest)) {
                assertThat(jar.size()).isEqualTo(jar(1).length);
            }
            assertThat(directory.resolve("two").resolve(digest)).hasBinaryContent(jar(1));
            needed.add(digest);
            for (int i = 2; i < 9; i++) {
                upload(second, i);
            }
            assertThat(shared.list("artifacts/", "", 100)).hasSize(3).contains("artifacts/" + digest);
        }
    }

    @Test
    void aDamagedOneIsNotUsedAndCanBeUploadedAgain() throws Exception {
        Map<String, String> place =
                Map.of("base_path", directory.resolve("journal").toString());
        try (ObjectStore shared = ObjectStores.open(place)) {
            String digest = upload(master("one", shared, 1 << 20), 1);
            Path object = directory.resolve("journal/artifacts").resolve(digest);
            byte[] bent = jar(1);
            bent[3] ^= 1;
            Files.write(object, bent);
            ArtifactStore second = master("two", shared, 1 << 20);
            assertThatThrownBy(() -> second.open(digest)).hasMessageContaining("SOL-2203");
            assertThat(second.missing(List.of(digest))).containsExactly(digest);
            upload(second, 1);
            assertThat(object).hasBinaryContent(jar(1));
        }
    }
}
