package io.solstice.api;

import io.solstice.api.config.Options;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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

    /** Objects below {@code prefix} in an S3 bucket. */
    record S3StateBackend(String bucket, String prefix) implements StateBackend {
        public S3StateBackend(String bucket) {
            this(bucket, "checkpoints");
        }

        @Override
        public String type() {
            return "s3";
        }
    }

    /** A directory of a Hadoop file system, such as {@code hdfs://namenode:9000/solstice/checkpoints}. */
    record DfsStateBackend(String basePath) implements StateBackend {
        @Override
        public String type() {
            return "dfs";
        }
    }

    /** The keys that {@link #fromConfig} reads back. */
    default Map<String, String> toConfig() {
        if (this instanceof S3StateBackend s3) {
            return Map.of("type", type(), "bucket", s3.bucket(), "prefix", s3.prefix());
        }
        String basePath =
                this instanceof LocalStateBackend local ? local.basePath() : ((DfsStateBackend) this).basePath();
        return Map.of("type", type(), "base_path", basePath);
    }

    /** Reads the keys {@code type}, {@code base_path}, {@code bucket} and {@code prefix}. */
    static StateBackend fromConfig(Map<String, ?> keys) {
        Options options = Options.of("state_backend", keys);
        String type = options.text("type", "local");
        StateBackend backend = switch (type) {
            case "local" -> new LocalStateBackend(options.text("base_path", "/tmp/solstice/checkpoints"));
            case "s3" -> new S3StateBackend(options.requiredText("bucket"), options.text("prefix", "checkpoints"));
            case "dfs" -> new DfsStateBackend(options.requiredText("base_path"));
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
}
