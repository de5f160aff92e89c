package io.solstice.api;

import static io.solstice.api.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.StateBackend.DfsStateBackend;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.StateBackend.S3StateBackend;
import io.solstice.common.error.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateBackendTest {

    @Test
    void readsTheThreeDocumentedTypes() {
        assertThat(StateBackend.fromConfig(Map.of("type", "local", "base_path", "/x")))
                .isEqualTo(new LocalStateBackend("/x"));
        assertThat(StateBackend.fromConfig(Map.of("type", "s3", "bucket", "my-bucket", "prefix", "p")))
                .isEqualTo(new S3StateBackend("my-bucket", "p"));
        assertThat(StateBackend.fromConfig(Map.of("type", "dfs", "base_path", "hdfs://namenode:9000/c")))
                .isEqualTo(new DfsStateBackend("hdfs://namenode:9000/c"));
    }

    @Test
    void passesTheOtherKeysOfAStoreOn() {
        Map<String, String> s3 = Map.of(
                "type",
                "s3",
                "bucket",
                "b",
                "prefix",
                "p",
                "endpoint",
                "http://store:9000",
                "secret_access_key",
                "hush");
        assertThat(StateBackend.fromConfig(s3).toConfig()).isEqualTo(s3);
        assertThat(StateBackend.fromConfig(s3)).asString().contains("endpoint").doesNotContain("hush");
        Map<String, String> dfs = Map.of("type", "dfs", "base_path", "hdfs://n:9000/c", "user", "me");
        assertThat(StateBackend.fromConfig(dfs).toConfig()).isEqualTo(dfs);
        refused(ErrorCode.OPTION_UNKNOWN, () -> StateBackend.fromConfig(Map.of("type", "local", "region", "r")));
    }

    @Test
    void hasTheDocumentedDefaults() {
        assertThat(StateBackend.fromConfig(Map.of())).isEqualTo(StateBackend.DEFAULT);
        assertThat(StateBackend.DEFAULT).isEqualTo(new LocalStateBackend("/tmp/solstice/checkpoints"));
        assertThat(StateBackend.fromConfig(Map.of("type", "s3", "bucket", "b"))).isEqualTo(new S3StateBackend("b"));
        assertThat(new S3StateBackend("b").prefix()).isEqualTo("checkpoints");
    }

    @Test
    void refusesOtherTypesMissingAndForeignKeys() {
        assertThat(refused(ErrorCode.OPTION_INVALID, () -> StateBackend.fromConfig(Map.of("type", "S3x")))
                        .help())
                .startsWith("did you mean 's3'?");
        refused(ErrorCode.OPTION_MISSING, () -> StateBackend.fromConfig(Map.of("type", "s3")));
        refused(ErrorCode.OPTION_MISSING, () -> StateBackend.fromConfig(Map.of("type", "dfs")));
        refused(ErrorCode.OPTION_UNKNOWN, () -> StateBackend.fromConfig(Map.of("type", "local", "bucket", "b")));
        assertThat(refused(ErrorCode.OPTION_UNKNOWN, () -> StateBackend.fromConfig(Map.of("base_pth", "b")))
                        .help())
                .startsWith("did you mean 'base_path'?");
    }
}
