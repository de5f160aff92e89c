package io.solstice.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertThat(ByteStores.chosen(StateStore.ROCKSDB, "task", SLIM).name()).isEqualTo("disk");
        assertThat(ByteStores.chosen(StateStore.ROCKSDB, "task").name()).isEqualTo("rocksdb");
        assertThat(ByteStores.chosen(StateStore.DISK, "task").name()).isEqualTo("disk");
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

    @Test
    void aFolderThatCannotBeMadeIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertThatThrownBy(() -> OwnFolder.below(file, "task"))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("SOL-3101");
    }
}
