package io.solstice.connector.s3;

import io.solstice.common.store.ObjectKeys;
import io.solstice.common.store.StoreSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * What {@code state_backend} of type {@code s3} says.
 *
 * @param prefix what all keys begin with: empty, or with a slash at its end
 * @param attemptTimeout for one request with its answer, at most 8 MiB
 * @param retryBudget how long trouble that may pass is waited for
 */
record S3Settings(
        String bucket,
        String prefix,
        Optional<URI> endpoint,
        Optional<String> region,
        boolean pathStyle,
        Optional<AwsCredentials> keys,
        Optional<String> profile,
        Duration attemptTimeout,
        Duration retryBudget) {
    static final Set<String> KEYS = Set.of(
            "bucket",
            "prefix",
            "endpoint",
            "region",
            "path_style",
            "access_key_id",
            "secret_access_key",
            "session_token",
            "profile",
            "attempt_timeout_secs",
            "retry_budget_secs");

    static S3Settings of(StoreSettings settings) {
        Optional<URI> endpoint = settings.optional("endpoint").map(text -> endpoint(settings, text));
        return new S3Settings(
                settings.required("bucket"),
                prefix(settings),
                endpoint,
                settings.optional("region").or(() -> endpoint.map(other -> "us-east-1")),
                settings.flag("path_style", endpoint.isPresent()),
                keys(settings),
                settings.optional("profile"),
                seconds(settings, "attempt_timeout_secs", 10),
                seconds(settings, "retry_budget_secs", 60));
    }

    private static String prefix(StoreSettings settings) {
        String prefix = settings.values().getOrDefault("prefix", "checkpoints").replaceAll("/+$", "");
        try {
            return prefix.isEmpty() ? "" : ObjectKeys.check(prefix) + "/";
        } catch (IllegalArgumentException notOne) {
            throw settings.invalid("prefix", "found '" + prefix + "', expected names divided by slashes");
        }
    }

    private static URI endpoint(StoreSettings settings, String text) {
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            throw settings.invalid("endpoint", malformed.toString());
        }
        throw settings.invalid("endpoint", "found '" + text + "', expected for example https://s3.example.com:9000");
    }

    private static Optional<AwsCredentials> keys(StoreSettings settings) {
        Optional<String> id = settings.optional("access_key_id");
        Optional<String> token = settings.optional("session_token");
        if (id.isEmpty()) {
            for (String needsId : new String[] {"secret_access_key", "session_token"}) {
                if (settings.optional(needsId).isPresent()) {
                    settings.required("access_key_id");
                }
            }
            return Optional.empty();
        }
        String secret = settings.required("secret_access_key");
        return Optional.of(
                token.isPresent()
                        ? AwsSessionCredentials.create(id.get(), secret, token.get())
                        : AwsBasicCredentials.create(id.get(), secret));
    }

    private static Duration seconds(StoreSettings settings, String key, long fallback) {
        String text = settings.text(key, String.valueOf(fallback));
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw settings.invalid(key, "found '" + text + "', expected whole seconds from 1 to 9999");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }
}
