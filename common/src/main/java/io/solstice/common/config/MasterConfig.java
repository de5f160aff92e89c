package io.solstice.common.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a master is told.
 *
 * @param dataDir for the journal and the artifacts
 * @param heartbeatTimeout how long a worker may be silent before it counts as lost
 * @param schedulingTimeout how long a job waits for resources that the whole cluster does not have
 * @param jobHistory how many ended jobs are kept
 * @param artifactLimitBytes the largest artifact that may be submitted
 */
public record MasterConfig(
        String clusterId,
        Listen listen,
        Security security,
        Path dataDir,
        Duration heartbeatTimeout,
        Duration schedulingTimeout,
        int jobHistory,
        long artifactLimitBytes,
        long artifactCacheBytes,
        String logLevel) {
    /** Where a master listens unless it is told otherwise. */
    public static final int DEFAULT_PORT = 7070;

    private static final Key<Integer> PORT = CommonKeys.port(DEFAULT_PORT);
    private static final Key<Long> MESSAGE_LIMIT = CommonKeys.messageLimit("16MiB");
    private static final Key<Path> DATA_DIR = Key.computed(
            "data_dir",
            ValueType.path(),
            "data/master in the installation",
            (earlier, here) -> here.home().resolve("data/master"),
            "Directory of the journal and the artifacts of jobs.");
    private static final Key<Duration> HEARTBEAT_TIMEOUT = CommonKeys.duration(
            "heartbeat_timeout", "3s", "100ms", "1h", "How long a worker may be silent before it counts as lost.");
    private static final Key<Duration> SCHEDULING_TIMEOUT = CommonKeys.duration(
            "scheduling_timeout",
            "60s",
            "0s",
            "7d",
            "How long a job waits for workers when the cluster as a whole is too small for it.");
    private static final Key<Integer> JOB_HISTORY =
            Key.of("job_history", ValueType.whole(0, 100_000), 100, "How many ended jobs are kept to be looked at.");
    private static final Key<Long> ARTIFACT_LIMIT = Key.of(
            "artifact_limit",
            CommonKeys.size("1KiB", "16GiB"),
            512L << 20,
            "Largest artifact (jar) that may be submitted.");

    static final List<Key<?>> KEYS = List.of(
            CommonKeys.CLUSTER_ID,
            CommonKeys.BIND_HOST,
            PORT,
            CommonKeys.ADVERTISED_HOST,
            MESSAGE_LIMIT,
            DATA_DIR,
            HEARTBEAT_TIMEOUT,
            SCHEDULING_TIMEOUT,
            JOB_HISTORY,
            ARTIFACT_LIMIT,
            CommonKeys.ARTIFACT_CACHE,
            CommonKeys.TLS_CERTIFICATE,
            CommonKeys.TLS_KEY,
            CommonKeys.TLS_CA,
            CommonKeys.TOKENS_FILE,
            CommonKeys.INSECURE,
            CommonKeys.LOG_LEVEL);

    /** Settings of a {@link Component#MASTER} as values; refuses those that do not go together. */
    public static MasterConfig of(Settings settings) {
        return new MasterConfig(
                settings.value(CommonKeys.CLUSTER_ID),
                CommonKeys.listen(settings, PORT, MESSAGE_LIMIT),
                CommonKeys.security(settings),
                settings.value(DATA_DIR),
                settings.value(HEARTBEAT_TIMEOUT),
                settings.value(SCHEDULING_TIMEOUT),
                settings.value(JOB_HISTORY),
                settings.value(ARTIFACT_LIMIT),
                settings.value(CommonKeys.ARTIFACT_CACHE),
                settings.value(CommonKeys.LOG_LEVEL));
    }
}
