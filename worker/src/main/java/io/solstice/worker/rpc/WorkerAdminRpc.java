package io.solstice.worker.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.TaskId;
import io.solstice.common.logging.LogLevels;
import io.solstice.common.wire.GraphCodec;
import io.solstice.proto.v1.GetWorkerRequest;
import io.solstice.proto.v1.SetLogLevelRequest;
import io.solstice.proto.v1.SetLogLevelResponse;
import io.solstice.proto.v1.WorkerAdminServiceGrpc;
import io.solstice.proto.v1.WorkerSelf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** The worker's service for operators. */
public final class WorkerAdminRpc extends WorkerAdminServiceGrpc.WorkerAdminServiceImplBase {
    private final Supplier<CompletableFuture<WorkerStatus>> status;

    /** @param status asks the worker, which answers when its event loop comes to it */
    public WorkerAdminRpc(Supplier<CompletableFuture<WorkerStatus>> status) {
        this.status = status;
    }

    @Override
    public void getWorker(GetWorkerRequest request, StreamObserver<WorkerSelf> observer) {
        ((ServerCallStreamObserver<WorkerSelf>) observer).setOnCancelHandler(() -> {});
        status.get().thenApply(WorkerAdminRpc::message).whenComplete((message, failure) -> {
            if (failure == null) {
                observer.onNext(message);
                observer.onCompleted();
            } else {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                observer.onError(SolsticeException.of(cause == null ? failure : cause));
            }
        });
    }

    private static WorkerSelf message(WorkerStatus status) {
        return WorkerSelf.newBuilder()
                .setWorkerId(status.worker().value())
                .setVersion(status.version())
                .setClusterId(status.cluster())
                .setMaster(status.master())
                .setLink(status.link())
                .setTerm(status.term())
                .setOffered(GraphCodec.toProto(status.offered()))
                .setMemoryBytes(status.memoryBytes())
                .addAllTasks(status.tasks().stream().map(TaskId::toString).toList())
                .setFencedMasters(status.fencedMasters())
                .build();
    }

    @Override
    public void setLogLevel(SetLogLevelRequest request, StreamObserver<SetLogLevelResponse> observer) {
        observer.onNext(SetLogLevelResponse.newBuilder()
                .setPreviousLevel(LogLevels.set(request.getLogger(), request.getLevel()))
                .build());
        observer.onCompleted();
    }
}
