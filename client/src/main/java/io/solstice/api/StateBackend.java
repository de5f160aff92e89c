package io.solstice.api;

import io.solstice.api.config.Options;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where checkpoints are kept: a local directory, a bucket, or a distributed file system. */
public sealed interface StateBackend {
    StateBackend DEFAULT = new LocalStateBackend("/tmp/solstice/checkpoints");

    /** The value of {@code state_backend.type}. */
    String type();

    /** The folder of this machine where a job's dead letters go, whatever the backend. */
    default Path deadLetters(String jobId) {
        Path base = this instanceof LocalStateBackend local
                ? Path.of(local.basePath())
                : Path.of(System.getProperty("java.io.tmpdir"), "solstice");
        return base.resolve(jobId).resolve("errors");
    }

    /** A directory of this machine; for one machine and for tests. */
    record LocalStateBackend(String basePath) implements StateBackend {
        @Override
        public String type() {
            return "local";
        }
    }

    /**
     * Objects below {@code prefix} in an S3 bucket.
     *
     * @param more the store's other keys, such as {@code endpoint} and {@code region}
     */
    record S3StateBackend(String bucket, String prefix, Map<String, String> more) implements StateBackend {
        /** All that {@code more} may hold. */
        public static final List<String> MORE = List.of(
                "endpoint",
                "region",
                "path_style",
                "profile",
                "access_key_id",
                "secret_access_key",
                "session_token",
                "attempt_timeout_secs",
                "retry_budget_secs");

        public S3StateBackend {
            more = Map.copyOf(more);
        }

        public S3StateBackend(String bucket, String prefix) {
            this(bucket, prefix, Map.of());
        }

        public S3StateBackend(String bucket) {
            this(bucket, "checkpoints");
        }

        @Override
        public String type() {
            return "s3";
        }

        /** Without the values of the other keys, some of which are secret. */
        @Override
        public String toString() {
            return "S3StateBackend[bucket=" + bucket + ", prefix=" + prefix + ", more=" + more.keySet() + "]";
        }
    }

    /**
     * A directory of a Hadoop file system, such as {@code hdfs://namenode:9000/solstice/checkpoints}.
     *
     * @param more the store's other keys, such as {@code user}
     */
    record DfsStateBackend(String basePath, Map<String, String> more) implements StateBackend {
        /** All that {@code more} may hold. */
        public static final List<String> MORE = List.of("user", "config_dir", "retry_budget_secs");

        public DfsStateBackend {
            more = Map.copyOf(more);
        }

        public DfsStateBackend(String basePath) {
            this(basePath, Map.of());
        }

        @Override
        public String type() {
            return "dfs";
        }
    }

    /** The keys that {@link #fromConfig} reads back. */
    default Map<String, String> toConfig() {
        Map<String, String> keys = new TreeMap<>(Map.of("type", type()));
        if (this instanceof S3StateBackend s3) {
            keys.putAll(s3.more());
            keys.put("bucket", s3.bucket());
            keys.put("prefix", s3.prefix());
        } else if (this instanceof DfsStateBackend dfs) {
            keys.putAll(dfs.more());
            keys.put("base_path", dfs.basePath());
        } else {
            keys.put("base_path", ((LocalStateBackend) this).basePath());
        }
        return keys;
    }

    /** Reads the keys of {@code state_backend}: {@code type}, and those of that type. */
    static StateBackend fromConfig(Map<String, ?> keys) {
        Options options = Options.of("state_backend", keys);
        String type = options.text("type", "local");
        StateBackend backend = switch (type) {
            case "local" -> new LocalStateBackend(options.text("base_path", "/tmp/solstice/checkpoints"));
            case "s3" ->
                new S3StateBackend(
                        options.requiredText("bucket"),
                        options.text("prefix", "checkpoints"),
                        given(options, S3StateBackend.MORE));
            case "dfs" -> new DfsStateBackend(options.requiredText("base_path"), given(options, DfsStateBackend.MORE));
            default ->
                throw ErrorCode.OPTION_INVALID
                        .error("no state backend of type '" + type + "'")
                        .where("state_backend.type")
                        .help(NearestName.help(type, List.of("local", "s3", "dfs")))
                        .toException();
        };
        options.finish();
        return backend;
    }

    private static Map<String, String> given(Options options, List<String> keys) {
        Map<String, String> given = new TreeMap<>();
        for (String key : keys) {
            if (options.has(key)) {
                given.put(key, options.text(key, ""));
            }
        }
        return given;
    }
}
