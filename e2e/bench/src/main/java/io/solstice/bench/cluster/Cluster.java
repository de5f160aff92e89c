package io.solstice.bench.cluster;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.solstice.api.cluster.ClientOptions;
import io.solstice.api.cluster.MasterConnection;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.bench.measure.Folders;
import io.solstice.proto.v1.AdminServiceGrpc;
import io.solstice.proto.v1.DescribeJobRequest;
import io.solstice.proto.v1.ListWorkersRequest;
import io.solstice.proto.v1.TaskStatus;
import io.solstice.proto.v1.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A master and its workers on this machine, in a folder that goes when it is closed. */
final class Cluster implements AutoCloseable {
    private final Path home;
    private final Path folder;
    private final ClusterProcess master;
    private final MasterConnection admin;
    private final String address;
    private final double masterSeconds;
    private final List<ClusterProcess> workers = new ArrayList<>();

    private Cluster(Path home, Path folder, ClusterProcess master) throws IOException {
        this.home = home;
        this.folder = folder;
        this.master = master;
        this.address = master.awaitAddress();
        this.admin = MasterConnection.open(ClientOptions.of(address));
        while (!serves()) {
            master.pause();
        }
        this.masterSeconds = master.secondsSinceStart();
    }

    private boolean serves() {
        return admin.call(HealthGrpc::newBlockingStub, health -> health.check(HealthCheckRequest.getDefaultInstance()))
                .getStatus()
                .equals(ServingStatus.SERVING);
    }

    /** Starts a master and waits until it serves. */
    static Cluster start(Path home) throws IOException {
        Path folder = Files.createTempDirectory("solstice-bench");
        return new Cluster(
                home, folder, ClusterProcess.start(home, "start-master", folder.resolve("master"), List.of()));
    }

    /** Starts a worker and waits until the master lists it. Returns the seconds that it took. */
    double addWorker() throws IOException {
        String name = workerName(workers.size() + 1);
        ClusterProcess worker = ClusterProcess.start(
                home, "start-worker", folder.resolve(name), List.of("--worker-id", name, "--master", address));
        workers.add(worker);
        while (!lists(name)) {
            worker.pause();
        }
        return worker.secondsSinceStart();
    }

    /** @param number from 1 on */
    static String workerName(int number) {
        return "worker-" + number;
    }

    /** Whether the master counts on a worker. */
    boolean lists(String name) {
        return admin
                .call(
                        AdminServiceGrpc::newBlockingStub,
                        calls -> calls.listWorkers(ListWorkersRequest.getDefaultInstance()))
                .getWorkersList()
                .stream()
                .anyMatch(worker -> worker.getWorkerId().equals(name) && worker.getState() == Worker.State.ACTIVE);
    }

    /** The tasks of a running job, by the worker that has them. */
    Map<String, List<String>> tasks(String jobId) {
        DescribeJobRequest job = DescribeJobRequest.newBuilder().setJobId(jobId).build();
        return admin.call(AdminServiceGrpc::newBlockingStub, calls -> calls.describeJob(job)).getTasksList().stream()
                .collect(Collectors.groupingBy(
                        TaskStatus::getWorkerId,
                        TreeMap::new,
                        Collectors.mapping(TaskStatus::getTask, Collectors.toList())));
    }

    /** Whether all tasks of a job run on one worker. */
    boolean allRun(String jobId, String worker) {
        DescribeJobRequest job = DescribeJobRequest.newBuilder().setJobId(jobId).build();
        List<TaskStatus> tasks = admin.call(AdminServiceGrpc::newBlockingStub, calls -> calls.describeJob(job))
                .getTasksList();
        return !tasks.isEmpty()
                && tasks.stream()
                        .allMatch(task -> task.getWorkerId().equals(worker)
                                && task.getState().equals("RUNNING"));
    }

    SolsticeClient connect() {
        return SolsticeClient.connect(ClientOptions.of(address));
    }

    double masterSeconds() {
        return masterSeconds;
    }

    ClusterProcess master() {
        return master;
    }

    List<ClusterProcess> workers() {
        return List.copyOf(workers);
    }

    /** Processor seconds of all processes so far. */
    double cpuSeconds() throws IOException {
        return master.cpuSeconds() + workersCpuSeconds();
    }

    /** Processor seconds of all workers so far. */
    double workersCpuSeconds() throws IOException {
        double seconds = 0;
        for (ClusterProcess worker : workers) {
            seconds += worker.cpuSeconds();
        }
        return seconds;
    }

    @Override
    public void close() throws IOException {
        admin.close();
        workers.forEach(ClusterProcess::close);
        master.close();
        Folders.delete(folder);
    }
}
