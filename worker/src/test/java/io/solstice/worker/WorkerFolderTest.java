package io.solstice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerFolderTest {
    @TempDir
    private Path above;

    @Test
    void aMadeUpFolderGoesWithItsProcessAndANamedOneStays() throws IOException {
        Path temporary = above.resolve("host-1");
        Path named = above.resolve("ada");
        try (WorkerFolder one = WorkerFolder.claim(temporary, true);
                WorkerFolder two = WorkerFolder.claim(named, false)) {
            Files.createDirectories(temporary.resolve("artifacts"));
            Files.writeString(temporary.resolve("artifacts/x.jar"), "x");
            assertThat(one).isNotEqualTo(two);
        }
        assertThat(temporary).doesNotExist();
        assertThat(named).isDirectory();
    }

    @Test
    void whatAKilledWorkerLeftIsSweptAndWhatLivesIsNot() throws IOException {
        Path killed = above.resolve("host-dead");
        Files.createDirectories(killed.resolve("artifacts"));
        Files.createFile(killed.resolve("temporary.lock"));
        Path strange = Files.createDirectories(above.resolve("not-a-worker"));
        try (WorkerFolder living = WorkerFolder.claim(above.resolve("host-1"), true);
                WorkerFolder next = WorkerFolder.claim(above.resolve("host-2"), true)) {
            assertThat(living).isNotEqualTo(next);
            assertThat(killed).doesNotExist();
            assertThat(strange).isDirectory();
            assertThat(above.resolve("host-1")).isDirectory();
        }
    }

    @Test
    void twoWorkersCannotShareAFolder() {
        Path named = above.resolve("ada");
        try (WorkerFolder first = WorkerFolder.claim(named, false)) {
            assertThatThrownBy(() -> WorkerFolder.claim(named, false))
                    .hasMessageContaining("another worker uses " + named);
            assertThat(first).isNotNull();
        }
        WorkerFolder.claim(named, false).close();
    }
}
