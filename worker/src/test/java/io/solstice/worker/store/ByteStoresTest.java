package io.solstice.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteStoresTest {
    /** Sees what Java brings, and no connector. */
    private static final ClassLoader SLIM = ClassLoader.getPlatformClassLoader();

    @TempDir
    Path folder;

    @Test
    void aKindThatIsNotThereIsRefusedWithItsFile() {
        assertThatThrownBy(() -> ByteStores.named("rocksdb", SLIM))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("SOL-1505")
                .hasMessageContaining("solstice-connector-rocksdb-*.jar");
    }

    @Test
    void whereRocksDbIsNotThereADiskIs() {
        ByteStores.Choice fallback = ByteStores.chosen(StateStore.ROCKSDB, "task", SLIM);
        assertThat(fallback.provider().name()).isEqualTo("disk");
        assertThat(fallback.reason())
                .contains("cannot keep state in 'rocksdb'", "solstice-connector-rocksdb-*.jar", "lib/")
                .doesNotContain("\n");
        ByteStores.Choice asked = ByteStores.chosen(StateStore.ROCKSDB, "task");
        assertThat(asked.provider().name()).isEqualTo("rocksdb");
        assertThat(asked.reason()).isEmpty();
        assertThat(ByteStores.chosen(StateStore.DISK, "task").provider().name()).isEqualTo("disk");
    }

    @Test
    void folderOfLivingTasksStayAndOthersAreSwept() throws IOException {
        Path dead = Files.createDirectories(folder.resolve("task-of-one-that-was-killed"));
        Files.writeString(dead.resolve("owner.lock"), "");
        Files.writeString(dead.resolve("content"), "x");
        Path foreign = Files.createDirectories(folder.resolve("nobody-knows"));
        Path first;
        try (OwnFolder living = OwnFolder.below(folder, "task")) {
            first = living.path();
            assertThat(dead).doesNotExist();
            assertThat(foreign).isDirectory();
            try (OwnFolder another = OwnFolder.below(folder, "task")) {
                assertThat(first).isDirectory();
                assertThat(another.path()).isDirectory().isNotEqualTo(first);
            }
            assertThat(first).isDirectory();
        }
        assertThat(first).doesNotExist();
    }

    /** As a worker does when it starts. */
    @Test
    void allFoldersAreSweptButThoseThatAreInUse() throws IOException {
        Path dead = Files.createDirectories(folder.resolve("rocksdb/of-one-that-was-killed/entries"));
        Files.writeString(dead.resolveSibling("owner.lock"), "");
        Path unlocked = Files.createDirectories(folder.resolve("cache/of-one-that-was-killed-at-once"));
        Files.setLastModifiedTime(Files.writeString(unlocked.resolve("owner.new"), ""), FileTime.fromMillis(0));
        Path fresh = Files.createDirectories(folder.resolve("cache/of-one-that-begins"));
        Files.writeString(fresh.resolve("owner.new"), "");
        try (OwnFolder living = OwnFolder.below(folder.resolve("restoring"), "task")) {
            OwnFolder.sweepAll(folder);
            assertThat(living.path()).isDirectory();
        }
        assertThat(dead.getParent()).doesNotExist();
        assertThat(unlocked).doesNotExist();
        assertThat(fresh).isDirectory();
        OwnFolder.sweepAll(folder.resolve("not-there-yet"));
    }

    @Test
    void theNativeLibraryLeavesNoFile() throws IOException {
        ByteStores.named("rocksdb");
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("solstice-rocksdb-"));
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertThatThrownBy(() -> OwnFolder.below(file, "task"))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("SOL-3101");
    }
}
