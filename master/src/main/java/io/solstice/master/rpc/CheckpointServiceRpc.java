package io.solstice.master.rpc;

import io.grpc.stub.StreamObserver;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.CheckpointId;
import io.solstice.master.checkpoint.StoredCheckpoint;
import io.solstice.master.cluster.JobView;
import io.solstice.master.cluster.KeptCheckpoints;
import io.solstice.proto.v1.CheckpointDescription;
import io.solstice.proto.v1.CheckpointServiceGrpc;
import io.solstice.proto.v1.DeleteCheckpointsRequest;
import io.solstice.proto.v1.DeleteCheckpointsResponse;
import io.solstice.proto.v1.GetCheckpointRequest;
import io.solstice.proto.v1.ListCheckpointsRequest;
import io.solstice.proto.v1.ListCheckpointsResponse;
import io.solstice.proto.v1.StopJobRequest;
import io.solstice.proto.v1.StopJobResponse;
import io.solstice.proto.v1.TakeCheckpointRequest;
import io.solstice.proto.v1.TakeCheckpointResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The service for the checkpoints of jobs. What it reads of state backends is read beside the master's loop. */
public final class CheckpointServiceRpc extends CheckpointServiceGrpc.CheckpointServiceImplBase {
    private static final String LATEST = "latest";

    private final Door door;

    public CheckpointServiceRpc(Door door) {
        this.door = door;
    }

    private record Taken(CheckpointId id, JobView job) {}

    @Override
    public void takeCheckpoint(TakeCheckpointRequest request, StreamObserver<TakeCheckpointResponse> observer) {
        door.answer(
                observer,
                take(request.getJobId(), false),
                taken -> TakeCheckpointResponse.newBuilder()
                        .setCheckpointId(taken.id().value())
                        .setJob(Messages.job(taken.job()))
                        .build());
    }

    @Override
    public void stopJob(StopJobRequest request, StreamObserver<StopJobResponse> observer) {
        door.answer(
                observer,
                take(request.getJobId(), true),
                taken -> StopJobResponse.newBuilder()
                        .setCheckpointId(taken.id().value())
                        .setJob(Messages.job(taken.job()))
                        .build());
    }

    private CompletableFuture<Taken> take(String job, boolean last) {
        return door.findJob(job)
                .thenCompose(found -> door.master()
                        .checkpoint(found.snapshot().run(), last)
                        .thenCompose(id ->
                                door.master().job(found.snapshot().run()).thenApply(view -> new Taken(id, view))));
    }

    @Override
    public void listCheckpoints(ListCheckpointsRequest request, StreamObserver<ListCheckpointsResponse> observer) {
        CompletableFuture<ListCheckpointsResponse> answer = stored(
                request.getJobId(),
                (job, stored) -> ListCheckpointsResponse.newBuilder()
                        .setJobId(job.spec().job().value())
                        .addAllCheckpoints(
                                stored.stream().map(CheckpointMessages::summary).toList())
                        .build());
        door.answer(observer, answer, Function.identity());
    }

    private <T> CompletableFuture<T> stored(String job, BiFunction<JobView, List<StoredCheckpoint>, T> then) {
        return door.findJob(job)
                .thenCompose(found -> door.master().checkpoints(found.spec(), shelf -> then.apply(found, shelf.all())));
    }

    @Override
    public void getCheckpoint(GetCheckpointRequest request, StreamObserver<CheckpointDescription> observer) {
        CompletableFuture<CheckpointDescription> answer = stored(request.getJobId(), (job, stored) -> {
            String wanted = request.getCheckpointId();
            boolean latest = wanted.equals(LATEST) && !stored.isEmpty();
            StoredCheckpoint found = latest ? stored.get(0) : find(wanted, stored);
            return CheckpointMessages.description(job.spec().job(), found);
        });
        door.answer(observer, answer, Function.identity());
    }

    private static StoredCheckpoint find(String given, List<StoredCheckpoint> stored) {
        List<String> ids =
                stored.stream().map(checkpoint -> checkpoint.id().value()).toList();
        return stored.get(ids.indexOf(IdMatch.of(given, ids, "checkpoint", ErrorCode.CHECKPOINT_UNKNOWN)));
    }

    @Override
    public void deleteCheckpoints(
            DeleteCheckpointsRequest request, StreamObserver<DeleteCheckpointsResponse> observer) {
        check(request);
        CompletableFuture<DeleteCheckpointsResponse> answer = door.findJob(request.getJobId())
                .thenCompose(job -> door.master().checkpoints(job.spec(), shelf -> {
                    List<CheckpointId> gone = chosen(request, job, shelf.all());
                    shelf.delete(gone);
                    return DeleteCheckpointsResponse.newBuilder()
                            .setJobId(job.spec().job().value())
                            .addAllCheckpointIds(
                                    gone.stream().map(CheckpointId::value).toList())
                            .build();
                }));
        door.answer(observer, answer, Function.identity());
    }

    private static void check(DeleteCheckpointsRequest request) {
        boolean both = request.hasKeepLast() && request.getCheckpointIdsCount() > 0;
        boolean neither = !request.hasKeepLast() && request.getCheckpointIdsCount() == 0;
        if (both || neither || request.getKeepLast() < 0) {
            throw ErrorCode.OPTION_INVALID
                    .error("it is not clear which checkpoints are to be deleted")
                    .cause(both ? "both ids and keep_last are given" : "ids are missing, or keep_last is negative")
                    .help("give checkpoint_ids, or keep_last with 0 or more")
                    .toException();
        }
    }

    /** Newest first. */
    private static List<CheckpointId> chosen(
            DeleteCheckpointsRequest request, JobView job, List<StoredCheckpoint> stored) {
        Set<CheckpointId> needed = KeptCheckpoints.by(job, stored);
        if (request.hasKeepLast()) {
            return KeptCheckpoints.allBut(request.getKeepLast(), needed, stored);
        }
        Set<CheckpointId> gone = new HashSet<>();
        for (String given : request.getCheckpointIdsList()) {
            CheckpointId id = find(given, stored).id();
            if (needed.contains(id)) {
                throw ErrorCode.JOB_STATE
                        .error("checkpoint " + id + " cannot be deleted now")
                        .where("job '" + job.spec().job() + "'")
                        .cause("the job is " + job.snapshot().state() + ", and would begin again from it")
                        .help("wait until the job has a newer one, or stop it")
                        .toException();
            }
            gone.add(id);
        }
        return stored.stream().map(StoredCheckpoint::id).filter(gone::contains).toList();
    }
}
