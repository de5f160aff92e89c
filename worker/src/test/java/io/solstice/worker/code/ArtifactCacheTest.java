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
        return new ArtifactCache(folder, Long.MAX_VALUE, (artifact, into) -> {
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
        ArtifactCache cache = new ArtifactCache(folder, Long.MAX_VALUE, (artifact, into) -> {
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

    private static Artifact jar(int number) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content(number));
        return new Artifact(HexFormat.of().formatHex(digest), number + ".jar", 10);
    }

    private static byte[] content(int number) {
        return "content %02d".formatted(number).getBytes(StandardCharsets.UTF_8);
    }

    private ArtifactCache ofThirtyBytes() {
        return new ArtifactCache(folder, 30, (artifact, into) -> {
            fetched.incrementAndGet();
            into.write(content(Integer.parseInt(artifact.fileName().replace(".jar", ""))));
        });
    }

    @Test
    void theLongestUnusedMakesRoomAndWhatIsInUseStays() throws Exception {
        ArtifactCache cache = ofThirtyBytes();
        Path inUse = cache.file(jar(0));
        Path old = cache.file(jar(1));
        cache.release(jar(1));
        Path usedAgain = cache.file(jar(2));
        cache.release(jar(2));
        cache.file(jar(1));
        cache.release(jar(1));
        cache.file(jar(3));
        assertThat(usedAgain).as("used before the other").doesNotExist();
        assertThat(inUse).exists();
        assertThat(old).exists();
        cache.file(jar(4));
        cache.file(jar(5));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("all in use").hasSize(4).contains(inUse).doesNotContain(old);
        }
        assertThat(cache.file(jar(1))).as("comes again").hasBinaryContent(content(1));
    }

    @Test
    void whatAnEarlierProcessLeftGoesFirst() throws Exception {
        Path left = ofThirtyBytes().file(jar(1));
        ArtifactCache cache = ofThirtyBytes();
        for (int i = 2; i < 5; i++) {
            cache.file(jar(i));
            cache.release(jar(i));
        }
        assertThat(left).doesNotExist();
        assertThat(fetched).hasValue(4);
        cache.file(jar(2));
        assertThat(fetched).hasValue(4);
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
