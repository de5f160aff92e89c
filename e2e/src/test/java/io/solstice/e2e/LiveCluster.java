package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.solstice.api.cluster.ClientOptions;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.RpcClient;
import io.solstice.proto.v1.AdminServiceGrpc;
import io.solstice.proto.v1.DescribeJobRequest;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobDescription;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.ListWorkersRequest;
import io.solstice.proto.v1.TaskStatus;
import io.solstice.proto.v1.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A master and its workers as processes of their own, and the ways to them. Ends them all when it is closed. */
final class LiveCluster implements AutoCloseable {
    private final Path folder;
    private final List<String> common;
    private final UnaryOperator<RpcClient.Builder> access;
    private final Map<String, ForegroundDaemon> workers = new HashMap<>();
    private ForegroundDaemon master;
    private RpcClient rpc;

    /** Starts a master on a free port. */
    LiveCluster(Path folder, String... flags) throws IOException {
        this(folder, List.of(), builder -> builder, flags);
    }

    /**
     * @param common flags of the master and of all workers
     * @param access shows the master who calls
     */
    LiveCluster(Path folder, List<String> common, UnaryOperator<RpcClient.Builder> access, String... flags)
            throws IOException {
        this.folder = Files.createDirectories(folder);
        this.common = common;
        this.access = access;
        master = startMaster("0", List.of(flags));
        rpc = access.apply(RpcClient.to("master", master.endpoint())).build();
    }

    private ForegroundDaemon startMaster(String port, List<String> flags) {
        List<String> all = new ArrayList<>(List.of("--port", port, "--data-dir", folder.resolve("master") + ""));
        all.addAll(common);
        all.addAll(flags);
        return ForegroundDaemon.start(folder, "master", "start-master", all);
    }

    ForegroundDaemon master() {
        return master;
    }

    /** On the port and in the folder of the one that ended. */
    void restartMaster() {
        Endpoint same = endpoint();
        master.close();
        master = startMaster(Integer.toString(same.port()), List.of());
    }

    Endpoint endpoint() {
        return master.endpoint();
    }

    String address() {
        return endpoint().host() + ":" + endpoint().port();
    }

    /** Starts a worker and does not wait for it. */
    ForegroundDaemon start(String id, String... flags) {
        List<String> all = new ArrayList<>(List.of(
                "--master", address(), "--worker-id", id, "--data-dir", folder.resolve(id) + "", "--cpus", "4"));
        all.addAll(List.of("--memory", "8GiB", "--off-heap-limit", "256MiB", "--gpus", "0"));
        all.addAll(common);
        all.addAll(List.of(flags));
        ForegroundDaemon worker = ForegroundDaemon.start(folder, id, "start-worker", all);
        workers.put(id, worker);
        return worker;
    }

    /** Workers without flags of their own, at the same time; returns when all are registered. */
    void startAll(String... ids) {
        Stream.of(ids).forEach(this::start);
        awaitWorkers(ids);
    }

    /** Ends all others, and starts those of these that have ended; returns when they are registered and no others. */
    void keepOnly(String... ids) {
        Set<String> wanted = Set.of(ids);
        workers.forEach((id, worker) -> {
            if (!wanted.contains(id)) {
                worker.close();
            }
        });
        workers.values().removeIf(worker -> !worker.isAlive());
        wanted.stream().filter(id -> !workers.containsKey(id)).forEach(this::start);
        await().atMost(ForegroundDaemon.LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(workerIds()).as(logs()).isEqualTo(wanted));
    }

    ForegroundDaemon worker(String id) {
        ForegroundDaemon worker = workers.get(id);
        if (worker == null) {
            throw new AssertionError("no worker " + id + " was started");
        }
        return worker;
    }

    void awaitWorkers(String... ids) {
        await().atMost(ForegroundDaemon.LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(workerIds()).as(logs()).contains(ids));
    }

    private String logs() {
        return workers.values().stream().map(ForegroundDaemon::log).collect(Collectors.joining("\n"));
    }

    /** Those that the master knows. */
    Set<String> workerIds() {
        return admin().listWorkers(ListWorkersRequest.getDefaultInstance()).getWorkersList().stream()
                .map(Worker::getWorkerId)
                .collect(Collectors.toSet());
    }

    RpcClient rpc() {
        return rpc;
    }

    AdminServiceGrpc.AdminServiceBlockingStub admin() {
        return AdminServiceGrpc.newBlockingStub(rpc.channel());
    }

    JobDescription describe(String job) {
        return rpc.call(() -> admin().describeJob(
                        DescribeJobRequest.newBuilder().setJobId(job).build()));
    }

    Job awaitState(String job, JobState state) {
        await().atMost(ForegroundDaemon.LIMIT).ignoreExceptions().untilAsserted(() -> {
            Job now = describe(job).getJob();
            assertThat(now.getState()).as("%s", now).isEqualTo(state);
        });
        return describe(job).getJob();
    }

    /** Where the tasks of a job run. */
    Set<String> workersOf(String job) {
        return describe(job).getTasksList().stream()
                .map(TaskStatus::getWorkerId)
                .collect(Collectors.toSet());
    }

    SolsticeClient client() {
        return SolsticeClient.connect(ClientOptions.of(address()));
    }

    /** Runs {@code bin/solstice} with the words and the address of this master. */
    Cli.Ended cli(String... words) throws IOException, InterruptedException {
        return new Cli(folder)
                .run(Stream.concat(Stream.of(words), Stream.of("--master", address()))
                        .toArray(String[]::new));
    }

    @Override
    public void close() {
        rpc.close();
        workers.values().forEach(ForegroundDaemon::close);
        master.close();
    }
}
