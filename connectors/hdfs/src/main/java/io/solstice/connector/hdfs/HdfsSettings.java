package io.solstice.connector.hdfs;

import io.solstice.common.store.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code state_backend} of type {@code dfs} says.
 *
 * @param base the URI of the directory, such as {@code hdfs://namenode:9000/solstice/checkpoints}
 * @param user as whom files are made where the cluster uses no Kerberos; the process's own user if not given
 * @param configuration a folder with {@code core-site.xml} and {@code hdfs-site.xml}
 * @param retryBudget how long trouble that may pass, such as safe mode, is waited for
 */
record HdfsSettings(URI base, Optional<String> user, Optional<Path> configuration, Duration retryBudget) {
    static final Set<String> KEYS = Set.of("base_path", "user", "config_dir", "retry_budget_secs");

    static HdfsSettings of(StoreSettings settings) {
        String seconds = settings.text("retry_budget_secs", "60");
        if (!seconds.matches("[1-9][0-9]{0,3}")) {
            throw settings.invalid(
                    "retry_budget_secs", "found '" + seconds + "', expected whole seconds from 1 to 9999");
        }
        Optional<String> configuration =
                settings.optional("config_dir").or(() -> Optional.ofNullable(System.getenv("HADOOP_CONF_DIR")));
        return new HdfsSettings(
                base(settings, settings.required("base_path")),
                settings.optional("user"),
                configuration.map(Path::of),
                Duration.ofSeconds(Long.parseLong(seconds)));
    }

    private static URI base(StoreSettings settings, String text) {
        try {
            URI uri = URI.create(text);
            if ("hdfs".equals(uri.getScheme())
                    && uri.getAuthority() != null
                    && !uri.getPath().isEmpty()) {
                return uri.normalize();
            }
        } catch (IllegalArgumentException malformed) {
            throw settings.invalid("base_path", malformed.toString());
        }
        throw settings.invalid(
                "base_path", "found '" + text + "', expected for example hdfs://namenode:9000/solstice/checkpoints");
    }
}
