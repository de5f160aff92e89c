package io.solstice.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.EventLoop;
import io.solstice.master.Master;
import io.solstice.master.cluster.JobView;
import io.solstice.master.cluster.WorkerView;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the services for users and operators share: the way to the master, and the event loop on which all answers are
 * written and all streams of news are kept. Neither gRPC's threads nor the master's ever wait for a reader.
 */
public final class Door implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final Duration TICK = Duration.ofMillis(100);

    private final Master master;
    private final EventLoop loop;
    private final Set<Runnable> ticking = new HashSet<>();

    public Door(Master master) {
        this.master = master;
        this.loop = new EventLoop(
                "master-rpc",
                defect -> LOG.error("a defect of the master's services", defect),
                TICK,
                () -> List.copyOf(ticking).forEach(Runnable::run));
    }

    Master master() {
        return master;
    }

    EventLoop loop() {
        return loop;
    }

    /** On the loop only: what runs about ten times a second until it is removed. */
    Set<Runnable> ticking() {
        return ticking;
    }

    /** Answers a call that has one answer. To be called where the call comes in. */
    <T, R> void answer(StreamObserver<R> observer, CompletableFuture<T> future, Function<T, R> message) {
        ((ServerCallStreamObserver<R>) observer).setOnCancelHandler(() -> {});
        future.thenApplyAsync(message, loop::submit)
                .whenCompleteAsync(
                        (answer, failure) -> {
                            if (failure != null) {
                                observer.onError(coded(failure));
                            } else {
                                observer.onNext(answer);
                                observer.onCompleted();
                            }
                        },
                        loop::submit);
    }

    /** What a future failed with; it becomes a status where the call leaves the process. */
    static SolsticeException coded(@Nullable Throwable failure) {
        Throwable beneath = failure instanceof CompletionException ? failure.getCause() : failure;
        return SolsticeException.of(beneath == null ? new IllegalStateException("no answer and no failure") : beneath);
    }

    /** The newest run of the job that is meant. */
    CompletableFuture<JobView> findJob(String given) {
        return master.jobs().thenApply(jobs -> {
            List<String> ids =
                    jobs.stream().map(job -> job.snapshot().run().job().value()).toList();
            String id = IdMatch.of(given, ids, "job", ErrorCode.JOB_UNKNOWN);
            return jobs.get(ids.indexOf(id));
        });
    }

    CompletableFuture<WorkerView> findWorker(String given) {
        return master.workers().thenApply(workers -> {
            List<String> ids = workers.stream()
                    .map(worker -> worker.registration().worker().value())
                    .toList();
            return workers.get(ids.indexOf(IdMatch.of(given, ids, "worker", ErrorCode.WORKER_UNKNOWN)));
        });
    }

    @Override
    public void close() {
        loop.close();
    }
}
