package io.solstice.master.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeatsTest {
    @TempDir
    Path folder;

    @Test
    void theNewestIsFoundAmongFew() {
        try (ObjectStore store = ObjectStores.open(Map.of("type", "local", "base_path", folder.toString()))) {
            Beats beats = new Beats(store, "beats/%06d"::formatted);
            assertThat(beats.newest()).isZero();
            for (long number = 1; number <= 700; number++) {
                beats.create(number, new byte[] {1});
                beats.thin(number);
                assertThat(beats.newest()).isEqualTo(number);
                assertThat(beats.following(number - 1)).isEqualTo(number);
            }
            assertThat(store.list("beats/", "", 1_000)).hasSizeLessThan(60);
        }
    }
}
