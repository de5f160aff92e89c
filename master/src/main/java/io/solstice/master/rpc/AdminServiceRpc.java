package io.solstice.master.rpc;

import io.grpc.stub.StreamObserver;
import io.solstice.common.graph.Resources;
import io.solstice.common.logging.LogLevels;
import io.solstice.common.wire.GraphCodec;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.cluster.WorkerView;
import io.solstice.proto.v1.AdminServiceGrpc;
import io.solstice.proto.v1.CancelJobRequest;
import io.solstice.proto.v1.Cluster;
import io.solstice.proto.v1.DescribeJobRequest;
import io.solstice.proto.v1.DescribeWorkerRequest;
import io.solstice.proto.v1.DrainWorkerRequest;
import io.solstice.proto.v1.GetClusterRequest;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobDescription;
import io.solstice.proto.v1.ListWorkersRequest;
import io.solstice.proto.v1.ListWorkersResponse;
import io.solstice.proto.v1.SetLogLevelRequest;
import io.solstice.proto.v1.SetLogLevelResponse;
import io.solstice.proto.v1.Worker;
import io.solstice.proto.v1.WorkerDescription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The service for operators. */
public final class AdminServiceRpc extends AdminServiceGrpc.AdminServiceImplBase {
    private final Door door;
    private final JobEnd jobEnd;
    private final ClusterSettings settings;

    public AdminServiceRpc(Door door, ClusterSettings settings) {
        this.door = door;
        this.jobEnd = new JobEnd(door);
        this.settings = settings;
    }

    @Override
    public void getCluster(GetClusterRequest request, StreamObserver<Cluster> observer) {
        CompletableFuture<Cluster> cluster = door.master()
                .term()
                .thenCombine(door.master().workers(), this::cluster)
                .thenCombine(
                        door.master().fenced(),
                        (counted, fenced) ->
                                counted.setFencedWorkers(fenced.workers()).setFencedCheckpoints(fenced.checkpoints()))
                .thenCombine(
                        door.master().jobs(),
                        (counted, jobs) -> counted.setRunningJobs((int) jobs.stream()
                                        .filter(job -> !job.snapshot().state().isTerminal())
                                        .count())
                                .build());
        door.answer(observer, cluster, Function.identity());
    }

    private Cluster.Builder cluster(long term, List<WorkerView> workers) {
        Resources offered =
                workers.stream().map(worker -> worker.registration().offered()).reduce(Resources.NONE, Resources::plus);
        Resources free = workers.stream().map(WorkerView::free).reduce(Resources.NONE, Resources::plus);
        return Cluster.newBuilder()
                .setClusterId(settings.cluster())
                .setVersion(settings.version())
                .setTerm(term)
                .setWorkers(workers.size())
                .setOffered(GraphCodec.toProto(offered))
                .setFree(GraphCodec.toProto(free));
    }

    @Override
    public void describeJob(DescribeJobRequest request, StreamObserver<JobDescription> observer) {
        door.answer(observer, door.findJob(request.getJobId()), Messages::description);
    }

    @Override
    public void listWorkers(ListWorkersRequest request, StreamObserver<ListWorkersResponse> observer) {
        door.answer(
                observer,
                door.master().workers(),
                workers -> ListWorkersResponse.newBuilder()
                        .addAllWorkers(workers.stream().map(Messages::worker).toList())
                        .build());
    }

    @Override
    public void describeWorker(DescribeWorkerRequest request, StreamObserver<WorkerDescription> observer) {
        var description =
                door.findWorker(request.getWorkerId()).thenCombine(door.master().jobs(), Messages::description);
        door.answer(observer, description, Function.identity());
    }

    @Override
    public void drainWorker(DrainWorkerRequest request, StreamObserver<Worker> observer) {
        var drained = door.findWorker(request.getWorkerId()).thenCompose(worker -> {
            door.master().drain(worker.registration().worker());
            return door.findWorker(worker.registration().worker().value());
        });
        door.answer(observer, drained, Messages::worker);
    }

    @Override
    public void cancelJob(CancelJobRequest request, StreamObserver<Job> observer) {
        door.answer(observer, jobEnd.cancel(request), Messages::job);
    }

    @Override
    public void setLogLevel(SetLogLevelRequest request, StreamObserver<SetLogLevelResponse> observer) {
        CompletableFuture<SetLogLevelRequest> asked = CompletableFuture.completedFuture(request);
        door.answer(
                observer,
                asked,
                level -> SetLogLevelResponse.newBuilder()
                        .setPreviousLevel(LogLevels.set(level.getLogger(), level.getLevel()))
                        .build());
    }
}
