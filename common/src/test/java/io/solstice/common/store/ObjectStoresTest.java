package io.solstice.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoresTest {

    private static SolsticeError refused(Map<String, String> settings) {
        return catchThrowableOfType(SolsticeException.class, () -> ObjectStores.open(settings))
                .error();
    }

    @Test
    void namesTheNearestType() {
        SolsticeError error = refused(Map.of("type", "locl"));
        assertThat(error.code()).isEqualTo(ErrorCode.OPTION_INVALID);
        assertThat(error.help()).startsWith("did you mean 'local'?").contains("dfs", "s3");
    }

    @Test
    void namesTheNearestKey() {
        SolsticeError error = refused(Map.of("type", "local", "base_pth", "/x"));
        assertThat(error.code()).isEqualTo(ErrorCode.OPTION_UNKNOWN);
        assertThat(error.where()).isEqualTo("state_backend.base_pth");
        assertThat(error.help()).startsWith("did you mean 'base_path'?");
    }

    @Test
    void saysWhichFileASlimDistributionLacks() {
        SolsticeError error = refused(Map.of("type", "s3", "bucket", "b"));
        assertThat(error.code()).isEqualTo(ErrorCode.CONNECTOR_UNKNOWN);
        assertThat(error.cause()).contains("solstice-connector-s3-*.jar");
        assertThat(refused(Map.of("type", "dfs")).cause()).contains("solstice-connector-hdfs-*.jar");
    }

    @Test
    void keepsSecretsOutOfTexts() {
        assertThat(new StoreSettings(Map.of("secret_access_key", "hush")))
                .asString()
                .doesNotContain("hush");
    }

    /** A store that takes every write, as one does that does not know conditional ones. */
    private record Overwriting(ObjectStore beneath) implements ObjectStore {
        @Override
        public ObjectWriter create(String key) {
            beneath.delete(key);
            return beneath.create(key);
        }

        @Override
        public InputStream range(String key, long offset, long length) {
            return beneath.range(key, offset, length);
        }

        @Override
        public OptionalLong size(String key) {
            return beneath.size(key);
        }

        @Override
        public void delete(String key) {
            beneath.delete(key);
        }

        @Override
        public List<String> list(String prefix, String after, int limit) {
            return beneath.list(prefix, after, limit);
        }

        @Override
        public int sweep(Duration age) {
            return beneath.sweep(age);
        }

        @Override
        public void close() {
            beneath.close();
        }
    }

    @Test
    void findsOutAStoreThatOverwrites(@TempDir Path folder) {
        try (ObjectStore store =
                new Overwriting(ObjectStores.open(Map.of("type", "local", "base_path", folder.toString())))) {
            assertThatThrownBy(() -> ObjectStores.check(store))
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            unfit -> assertThat(unfit.code()).isEqualTo(ErrorCode.STORE_UNFIT));
            assertThat(store.list("", "", 9)).isEmpty();
        }
    }
}
