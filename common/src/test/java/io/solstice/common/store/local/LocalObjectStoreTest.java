package io.solstice.common.store.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.loop.Clock;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStoreContract;
import io.solstice.common.store.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest extends ObjectStoreContract {
    private final AtomicInteger places = new AtomicInteger();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Override
    protected Map<String, String> emptyPlace() {
        return Map.of(
                "type", "local", "base_path", place(places.incrementAndGet()).toString());
    }

    private Path place(int number) {
        return folder.resolve("deep/place-" + number);
    }

    @Override
    protected void damage(String key, byte[] content) throws IOException {
        Files.write(place(places.get()).resolve(key), content);
    }

    /** The real disk, which notes the steps that matter and fails one of them. */
    private static final class WatchedDisk implements Disk {
        final List<String> steps = new ArrayList<>();
        String failing = "";
        boolean failAfterwards;

        private interface Step {
            void run() throws IOException;
        }

        private void step(String name, Step step) throws IOException {
            steps.add(name);
            if (name.equals(failing)) {
                if (failAfterwards) {
                    step.run();
                }
                throw new IOException("Input/output error");
            }
            step.run();
        }

        @Override
        public FileChannel create(Path file) throws IOException {
            steps.add("create");
            return REAL.create(file);
        }

        @Override
        public void sync(FileChannel file) throws IOException {
            step("sync", () -> REAL.sync(file));
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            step("sync " + directory.getFileName(), () -> REAL.syncDirectory(directory));
        }

        @Override
        public void link(Path name, Path file) throws IOException {
            step("link", () -> REAL.link(name, file));
        }
    }

    @Test
    void syncsTheFileThenLinksItThenSyncsTheDirectory() {
        WatchedDisk disk = new WatchedDisk();
        Path base = folder.resolve("base");
        try (ObjectStore store = new LocalObjectStore(base, disk, Clock.SYSTEM)) {
            store.putNew("a/b/c", new byte[] {1});
            assertThat(disk.steps)
                    .containsExactly(
                            "sync " + folder.getFileName(), "sync base", "sync a", "create", "sync", "link", "sync b");
            disk.steps.clear();
            store.putNew("a/b/d", new byte[] {1});
            assertThat(disk.steps).containsExactly("create", "sync", "link", "sync b");
            disk.steps.clear();
            store.putNew("a/b/d", new byte[] {1});
            assertThat(disk.steps)
                    .as("what is there is lasting, too")
                    .containsExactly("create", "sync", "link", "sync b");
        }
    }

    @Test
    void neverRepeatsASyncThatFailed() {
        WatchedDisk disk = new WatchedDisk();
        try (ObjectStore store = new LocalObjectStore(folder, disk, Clock.SYSTEM)) {
            disk.failing = "sync";
            assertThat(code(() -> store.putNew("a", new byte[] {1}))).isEqualTo(ErrorCode.IO_FAILED);
            assertThat(disk.steps).containsOnlyOnce("sync").doesNotContain("link");
            assertThat(folder).isEmptyDirectory();
            disk.failing = "sync " + folder.getFileName();
            assertThat(code(() -> store.putNew("b", new byte[] {1}))).isEqualTo(ErrorCode.IO_FAILED);
            disk.failing = "";
            assertThat(store.putNew("a", new byte[] {1}).won()).isTrue();
        }
    }

    @Test
    void knowsItsOwnLinkAlthoughItWasReportedAsAnError() {
        WatchedDisk disk = new WatchedDisk();
        try (ObjectStore store = new LocalObjectStore(folder, disk, Clock.SYSTEM)) {
            disk.failing = "link";
            disk.failAfterwards = true;
            assertThat(store.putNew("a", new byte[] {1}).outcome()).isEqualTo(Outcome.CREATED);
            disk.failAfterwards = false;
            assertThat(code(() -> store.putNew("b", new byte[] {1}))).isEqualTo(ErrorCode.IO_FAILED);
            assertThat(store.list("", "", 9)).containsExactly("a");
        }
    }

    @Test
    void saysWhatIsWrongWithTheDirectory() throws IOException {
        Files.writeString(folder.resolve("file"), "x");
        try (ObjectStore store = new LocalObjectStore(folder.resolve("file/x"), Disk.REAL, Clock.SYSTEM)) {
            assertThat(code(() -> store.putNew("a", new byte[] {1}))).isEqualTo(ErrorCode.PATH_UNUSABLE);
        }
        try (ObjectStore store = new LocalObjectStore(folder, Disk.REAL, Clock.SYSTEM)) {
            store.putNew("a/b", "x".getBytes(UTF_8));
            assertThat(code(() -> store.putNew("a", new byte[] {1})))
                    .isIn(ErrorCode.PATH_UNUSABLE, ErrorCode.IO_FAILED);
            assertThat(code(() -> store.putNew("a/b/c", new byte[] {1}))).isEqualTo(ErrorCode.PATH_UNUSABLE);
        }
    }

    /** Needs the right to mount a small file system; skipped without it. */
    @Test
    void saysThatTheDiskIsFullAndGivesTheSpaceBack() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()), "mounting is not permitted");
        try (ObjectStore store = new LocalObjectStore(disk, Disk.REAL, Clock.SYSTEM)) {
            assertThat(code(() -> store.putNew("large", new byte[3 << 20]))).isEqualTo(ErrorCode.DISK_FULL);
            assertThat(disk).isEmptyDirectory();
            assertThat(store.putNew("small", new byte[1 << 20]).won()).isTrue();
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }
}
