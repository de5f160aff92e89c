package io.solstice.worker.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Program.Artifact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCacheTest {
    private static final byte[] BYTES = "what a jar holds".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private final AtomicInteger fetched = new AtomicInteger();

    private ArtifactCache cache(byte[] arriving) {
        return new ArtifactCache(folder, (artifact, into) -> {
            fetched.incrementAndGet();
            into.write(arriving);
        });
    }

    private static Artifact artifact() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(BYTES);
        return new Artifact(HexFormat.of().formatHex(digest), "../../my job.jar", BYTES.length);
    }

    @Test
    void fetchesOnceAndFindsItAgainInAnotherProcess() throws Exception {
        ArtifactCache cache = cache(BYTES);
        Path file = cache.file(artifact());
        assertThat(cache.file(artifact()))
                .isEqualTo(file)
                .hasBinaryContent(BYTES)
                .hasParent(folder);
        assertThat(cache(BYTES).file(artifact())).isEqualTo(file);
        assertThat(fetched).hasValue(1);
    }

    @Test
    void whoeverAsksAtTheSameTimeWaitsForTheSameFetch() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch arrive = new CountDownLatch(1);
        ArtifactCache cache = new ArtifactCache(folder, (artifact, into) -> {
            asked.countDown();
            fetched.incrementAndGet();
            await(arrive);
            into.write(BYTES);
        });
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Artifact artifact = artifact();
            Future<Path> first = threads.submit(() -> cache.file(artifact));
            asked.await();
            Future<Path> second = threads.submit(() -> cache.file(artifact));
            arrive.countDown();
            assertThat(second.get()).isEqualTo(first.get());
            assertThat(fetched).hasValue(1);
        } finally {
            threads.shutdown();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aFileDamagedOnDiskIsFetchedAgain() throws Exception {
        Path file = cache(BYTES).file(artifact());
        Files.writeString(file, "what a jar HOLDS");
        assertThat(cache(BYTES).file(artifact())).hasBinaryContent(BYTES);
        assertThat(fetched).hasValue(2);
    }

    @Test
    void whatArrivesDamagedOrTooLongIsRefusedAndLeavesNothing() throws Exception {
        Artifact artifact = artifact();
        assertRefused(
                cache("something else".getBytes(StandardCharsets.UTF_8)), artifact, ErrorCode.ARTIFACT_UNREADABLE);
        assertRefused(cache(new byte[10_000]), artifact, ErrorCode.IO_FAILED);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
        assertThat(cache(BYTES).file(artifact)).as("the next try").exists();
    }

    @Test
    void aNameThatIsNoDigestNeverReachesTheDisk() {
        for (String name : List.of("../../etc/passwd", "", "A".repeat(64), "0".repeat(63))) {
            assertRefused(cache(BYTES), new Artifact(name, "x.jar", 1), ErrorCode.ARTIFACT_UNREADABLE);
        }
        assertThat(fetched).hasValue(0);
    }

    private static void assertRefused(ArtifactCache cache, Artifact artifact, ErrorCode code) {
        assertThatThrownBy(() -> cache.file(artifact))
                .isInstanceOfSatisfying(
                        SolsticeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
