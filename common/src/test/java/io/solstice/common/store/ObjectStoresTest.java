package io.solstice.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
