package io.solstice.common.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a master is told.
 *
 * @param dataDir for the cache of artifacts, and for the journal unless that has another place
 * @param journal where decisions, the lease and artifacts are kept, as the settings of an object store
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
        JournalPlace journal,
        Duration leaseTimeout,
        Duration heartbeatTimeout,
        Duration schedulingTimeout,
        Restarts restarts,
        Checkpoints checkpoints,
        int jobHistory,
        long artifactLimitBytes,
        long artifactCacheBytes,
        String logLevel) {
    /**
     * How often a job may begin again.
     *
     * @param attempts so many times ...
     * @param window ... within so long
     */
    public record Restarts(int attempts, Duration window) {}

    /**
     * What holds for all checkpoints.
     *
     * @param timeout one that takes longer is given up
     * @param retained how many completed ones of a job are kept
     * @param maxAge older ones are deleted when there is a newer one; zero for no such limit
     */
    public record Checkpoints(Duration timeout, int retained, Duration maxAge) {}

    /** Where a master listens unless it is told otherwise. */
    public static final int DEFAULT_PORT = 7070;

    private static final Key<Integer> PORT = CommonKeys.port(DEFAULT_PORT);
    private static final Key<Long> MESSAGE_LIMIT = CommonKeys.messageLimit("16MiB");
    private static final Key<Path> DATA_DIR = Key.computed(
            "data_dir",
            ValueType.path(),
            "data/master in the installation",
            (earlier, here) -> here.home().resolve("data/master"),
            "Directory of the cache of artifacts, and of the journal unless that has another place.");
    private static final Key<String> JOURNAL = Key.computed(
            "journal",
            JournalPlace.type(),
            "journal in data_dir",
            (earlier, here) -> earlier.value(DATA_DIR).resolve("journal").toString(),
            "What must outlive a master: its decisions, who leads, the artifacts. Masters with the same one stand by for"
                    + " each other.");
    private static final Key<String> JOURNAL_OPTIONS = Key.optional(
            "journal_options",
            JournalPlace.options(),
            "More keys of the journal's store, as of a state_backend: endpoint, region, path_style, profile, user, ...");
    private static final Key<Duration> LEASE_TIMEOUT = CommonKeys.duration(
            "lease_timeout",
            "2s",
            "500ms",
            "10m",
            "How long a leading master may show no life before a standby takes over; the same for all of them.");
    private static final Key<Duration> HEARTBEAT_TIMEOUT = CommonKeys.duration(
            "heartbeat_timeout", "3s", "100ms", "1h", "How long a worker may be silent before it counts as lost.");
    private static final Key<Duration> SCHEDULING_TIMEOUT = CommonKeys.duration(
            "scheduling_timeout",
            "60s",
            "0s",
            "7d",
            "How long a job waits for workers when the cluster as a whole is too small for it.");
    private static final Key<Integer> RESTART_ATTEMPTS = Key.of(
            "restart_attempts",
            ValueType.whole(0, 100_000),
            10,
            "How often a job begins again within restart_window before it is given up; 0 lets the first trouble end it.");
    private static final Key<Duration> RESTART_WINDOW =
            CommonKeys.duration("restart_window", "5m", "1s", "7d", "Within how long restart_attempts are counted.");
    private static final Key<Duration> CHECKPOINT_TIMEOUT = CommonKeys.duration(
            "checkpoint_timeout", "1m", "1s", "1d", "A checkpoint that takes longer is given up, and the job goes on.");
    private static final Key<Integer> CHECKPOINTS_RETAINED = Key.of(
            "checkpoints_retained",
            ValueType.whole(1, 100_000),
            5,
            "How many completed checkpoints of a job are kept; older ones are deleted.");
    private static final Key<Duration> CHECKPOINTS_MAX_AGE = CommonKeys.duration(
            "checkpoints_max_age",
            "0s",
            "0s",
            "3650d",
            "Completed checkpoints older than that are deleted too, but never the newest of a job; 0s keeps them.");
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
            JOURNAL,
            JOURNAL_OPTIONS,
            LEASE_TIMEOUT,
            HEARTBEAT_TIMEOUT,
            SCHEDULING_TIMEOUT,
            RESTART_ATTEMPTS,
            RESTART_WINDOW,
            CHECKPOINT_TIMEOUT,
            CHECKPOINTS_RETAINED,
            CHECKPOINTS_MAX_AGE,
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
                JournalPlace.of(
                        settings.value(JOURNAL),
                        settings.find(JOURNAL_OPTIONS),
                        settings.origin(JOURNAL_OPTIONS).place()),
                settings.value(LEASE_TIMEOUT),
                settings.value(HEARTBEAT_TIMEOUT),
                settings.value(SCHEDULING_TIMEOUT),
                new Restarts(settings.value(RESTART_ATTEMPTS), settings.value(RESTART_WINDOW)),
                new Checkpoints(
                        settings.value(CHECKPOINT_TIMEOUT),
                        settings.value(CHECKPOINTS_RETAINED),
                        settings.value(CHECKPOINTS_MAX_AGE)),
                settings.value(JOB_HISTORY),
                settings.value(ARTIFACT_LIMIT),
                settings.value(CommonKeys.ARTIFACT_CACHE),
                settings.value(CommonKeys.LOG_LEVEL));
    }
}
