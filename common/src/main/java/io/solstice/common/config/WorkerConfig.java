package io.solstice.common.config;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a worker is told; it needs to be told nothing but where the master is.
 *
 * @param masters of which one leads
 * @param token what the worker shows to a master that asks for one
 * @param dataDir for artifacts and files of running tasks; of this worker alone
 * @param temporaryDir whether nobody named the worker, so that no later process looks for its folder
 * @param artifactCacheBytes how much disk jars of ended jobs may take
 * @param offered what tasks may use
 * @param gpuIds names of the GPUs, as CUDA knows them; one for each GPU that is offered, also for a part of one
 * @param offHeapLimitBytes how much of the offered memory may be Arrow buffers
 */
public record WorkerConfig(
        List<Endpoint> masters,
        String clusterId,
        WorkerId workerId,
        Listen listen,
        Security security,
        Optional<Secret> token,
        Path dataDir,
        boolean temporaryDir,
        long artifactCacheBytes,
        Resources offered,
        List<String> gpuIds,
        long offHeapLimitBytes,
        Link link,
        String logLevel) {

    /**
     * How the worker keeps in touch with the master.
     *
     * @param reconnectMin the first wait after a connection was lost; each further one is longer
     * @param reconnectMax the longest wait
     */
    public record Link(Duration heartbeatInterval, Duration reconnectMin, Duration reconnectMax) {}

    private static final Key<Masters> MASTER = Key.of(
            "master",
            addresses(),
            new Masters(List.of(new Endpoint("127.0.0.1", MasterConfig.DEFAULT_PORT))),
            "Address of the master, or of all masters of the cluster, separated by commas.");
    private static final Key<String> WORKER_ID = Key.computed(
            "worker_id",
            ValueType.id(),
            "the machine's name and a random part",
            (earlier, here) -> generatedId(here),
            "Name of this worker; no two workers of a cluster may share one.");
    private static final Key<Integer> PORT = CommonKeys.port(0);
    private static final Key<Long> MESSAGE_LIMIT = CommonKeys.messageLimit("256MiB");
    private static final Key<Path> DATA_DIR = Key.computed(
            "data_dir",
            ValueType.path(),
            "data/workers in the installation",
            (earlier, here) -> here.home().resolve("data/workers"),
            "Directory in which each worker has a folder of its name, for artifacts and the files of running tasks.");
    private static final Key<Double> CPUS = Key.computed(
            "cpus",
            ValueType.number(0, 4096),
            "the machine's cores",
            (earlier, here) -> (double) here.machine().cpus(),
            "Cores that tasks may use.");
    private static final Key<Long> MEMORY = Key.computed(
            "memory",
            CommonKeys.size("0B", "1024TiB"),
            "three quarters of the machine's memory",
            (earlier, here) -> here.machine().memoryBytes() / 4 * 3 >> 20 << 20,
            "Memory that tasks may use, heap and Arrow buffers together.");
    private static final Key<String> GPU_IDS = Key.computed(
            "gpu_ids",
            ValueType.names(),
            "those in CUDA_VISIBLE_DEVICES, else 0, 1, 2, ...",
            (earlier, here) -> String.join(",", here.visibleGpus()),
            "Names of the GPUs that tasks may use, as CUDA_VISIBLE_DEVICES would have them.");
    private static final Key<Double> GPUS = Key.computed(
            "gpus",
            ValueType.number(0, 4096),
            "as many as gpu_ids names, else the NVIDIA devices found",
            WorkerConfig::countedGpus,
            "GPUs that tasks may use.");
    private static final Key<Long> OFF_HEAP_LIMIT = Key.computed(
            "off_heap_limit",
            CommonKeys.size("1MiB", "1024TiB"),
            "half of memory, at least 64MiB",
            (earlier, here) -> Math.max(64L << 20, earlier.value(MEMORY) / 2 >> 20 << 20),
            "How much memory all Arrow buffers of this worker may take; at most an eighth more is kept for the next ones.");
    private static final Key<Duration> HEARTBEAT_INTERVAL = CommonKeys.duration(
            "heartbeat_interval",
            "1s",
            "50ms",
            "10m",
            "How often the master is told that the worker is well; keep it below a third of heartbeat_timeout.");
    private static final Key<Duration> RECONNECT_BACKOFF_MIN = CommonKeys.duration(
            "reconnect_backoff_min", "200ms", "10ms", "1h", "First wait after the connection to the master was lost.");
    private static final Key<Duration> RECONNECT_BACKOFF_MAX = CommonKeys.duration(
            "reconnect_backoff_max", "5s", "10ms", "1h", "Longest wait between two tries to reach the master.");
    private static final Key<String> TOKEN = Key.secret(
            "token",
            "Token that the worker shows to the master, if that has tokens and does not know it by its certificate.");

    static final List<Key<?>> KEYS = List.of(
            MASTER,
            CommonKeys.CLUSTER_ID,
            WORKER_ID,
            CommonKeys.BIND_HOST,
            PORT,
            CommonKeys.ADVERTISED_HOST,
            MESSAGE_LIMIT,
            DATA_DIR,
            CommonKeys.ARTIFACT_CACHE,
            CPUS,
            MEMORY,
            GPU_IDS,
            GPUS,
            OFF_HEAP_LIMIT,
            HEARTBEAT_INTERVAL,
            RECONNECT_BACKOFF_MIN,
            RECONNECT_BACKOFF_MAX,
            CommonKeys.TLS_CERTIFICATE,
            CommonKeys.TLS_KEY,
            CommonKeys.TLS_CA,
            TOKEN,
            CommonKeys.TOKENS_FILE,
            CommonKeys.INSECURE,
            CommonKeys.LOG_LEVEL);

    /** Settings of a {@link Component#WORKER} as values; refuses those that do not go together. */
    public static WorkerConfig of(Settings settings) {
        return new WorkerConfig(
                settings.value(MASTER).all(),
                settings.value(CommonKeys.CLUSTER_ID),
                new WorkerId(settings.value(WORKER_ID)),
                CommonKeys.listen(settings, PORT, MESSAGE_LIMIT),
                CommonKeys.security(settings),
                settings.find(TOKEN).map(Secret::new),
                settings.value(DATA_DIR).resolve(settings.value(WORKER_ID)),
                isDefault(settings, WORKER_ID),
                settings.value(CommonKeys.ARTIFACT_CACHE),
                new Resources(settings.value(CPUS), settings.value(GPUS), settings.value(MEMORY)),
                gpuIds(settings),
                settings.value(OFF_HEAP_LIMIT),
                link(settings),
                settings.value(CommonKeys.LOG_LEVEL));
    }

    private static double countedGpus(Settings earlier, Surroundings here) {
        return isDefault(earlier, GPU_IDS)
                ? here.machine().gpus()
                : names(earlier.value(GPU_IDS)).size();
    }

    private static boolean isDefault(Settings settings, Key<?> key) {
        return settings.origin(key).kind() == Origin.Kind.DEFAULT;
    }

    private static List<String> names(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(","));
    }

    private static List<String> gpuIds(Settings settings) {
        List<String> named = names(settings.value(GPU_IDS));
        int count = (int) Math.ceil(settings.value(GPUS));
        if (named.isEmpty()) {
            return IntStream.range(0, count).mapToObj(String::valueOf).toList();
        }
        if (named.size() < count) {
            throw ErrorCode.OPTION_INVALID
                    .error("there are fewer names of GPUs than GPUs")
                    .where(settings.origin(GPUS).place())
                    .cause("gpus is " + GPUS.show(settings.value(GPUS)) + ", and " + settings.value(GPU_IDS) + " names "
                            + named.size() + " (gpu_ids, or CUDA_VISIBLE_DEVICES where that is not set)")
                    .help("lower gpus, or name more GPUs with gpu_ids")
                    .toException();
        }
        return named.subList(0, count);
    }

    private static Link link(Settings settings) {
        Link link = new Link(
                settings.value(HEARTBEAT_INTERVAL),
                settings.value(RECONNECT_BACKOFF_MIN),
                settings.value(RECONNECT_BACKOFF_MAX));
        if (link.reconnectMin.compareTo(link.reconnectMax) > 0) {
            throw ErrorCode.OPTION_INVALID
                    .error("reconnect_backoff_min is longer than reconnect_backoff_max")
                    .where(settings.origin(RECONNECT_BACKOFF_MIN).place())
                    .cause(RECONNECT_BACKOFF_MIN.show(link.reconnectMin) + " > "
                            + RECONNECT_BACKOFF_MAX.show(link.reconnectMax))
                    .help("raise reconnect_backoff_max or lower reconnect_backoff_min")
                    .toException();
        }
        return link;
    }

    private static String generatedId(Surroundings here) {
        String host =
                here.machine().hostName().replaceAll("[^A-Za-z0-9._-]", "").replaceAll("^[._-]+", "");
        String name = host.isEmpty() ? "worker" : host.substring(0, Math.min(100, host.length()));
        return name + "-" + here.suffix().get();
    }

    /** So that a setting can be a list. */
    private record Masters(List<Endpoint> all) {}

    /** {@code host:port}, or a host alone, which means the usual port; several of them with commas in between. */
    private static ValueType<Masters> addresses() {
        return new ValueType<>(
                Masters.class,
                "host:port, or several with commas in between, for example 10.0.0.1:" + MasterConfig.DEFAULT_PORT,
                (text, folder) -> {
                    List<Optional<Endpoint>> read = Stream.of(text.split(",", -1))
                            .map(one -> endpoint(one.strip(), folder))
                            .toList();
                    return read.stream().allMatch(Optional::isPresent)
                            ? Optional.of(new Masters(read.stream()
                                    .flatMap(Optional::stream)
                                    .distinct()
                                    .toList()))
                            : Optional.empty();
                },
                masters -> masters.all().stream().map(Endpoint::toString).collect(Collectors.joining(",")));
    }

    private static Optional<Endpoint> endpoint(String text, Path folder) {
        int colon = text.endsWith("]") ? -1 : text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? String.valueOf(MasterConfig.DEFAULT_PORT) : text.substring(colon + 1);
        if (host.indexOf(':') >= 0 && !host.startsWith("[")) {
            return Optional.empty();
        }
        return ValueType.host()
                .reader()
                .read(host, folder)
                .flatMap(name -> ValueType.whole(1, 65_535)
                        .reader()
                        .read(port, folder)
                        .map(number -> new Endpoint(name, number)));
    }
}
