package io.solstice.api.cluster;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.WatchJobRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one run of a job over a stream from the master, and over another one when that breaks, until the job has
 * ended or the connection is closed. News come on threads of gRPC, one at a time; any thread may look.
 */
final class JobWatch {
    private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);
    /** How often the master sends the job, changed or not. */
    private static final long INTERVAL_MILLIS = 250;
    /** A stream that is silent for so long is dead, though nobody said so. */
    private static final long SILENCE_MILLIS = 10_000;

    private final MasterConnection master;
    private final CompletableFuture<Job> end = new CompletableFuture<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final Runnable onClose = () -> lost(MasterConnection.closedError());
    private volatile Job latest;
    private volatile boolean ran;
    private volatile long pauseMillis;

    /** @param first what is known of the run before the master tells more */
    JobWatch(MasterConnection master, Job first) {
        this.master = master;
        this.latest = first;
    }

    void start() {
        master.onClose(onClose);
        news(latest);
        if (!end.isDone()) {
            connect();
        }
    }

    Job latest() {
        return latest;
    }

    /** Whether it was ever seen at work. */
    boolean ran() {
        return ran;
    }

    /** Done when the run has ended, or exceptionally when it cannot be followed any more. */
    CompletableFuture<Job> end() {
        return end;
    }

    /** Counted down when the job runs, has ended, or waits for something that may take long. */
    CountDownLatch started() {
        return started;
    }

    private void connect() {
        WatchJobRequest request = WatchJobRequest.newBuilder()
                .setJobId(latest.getJobId())
                .setGeneration(latest.getGeneration())
                .setIntervalMillis(INTERVAL_MILLIS)
                .build();
        master.<JobServiceGrpc.JobServiceStub>stub((channel, options) -> JobServiceGrpc.newStub(channel))
                .watchJob(request, new Stream());
    }

    private void news(Job job) {
        latest = job;
        JobState state = job.getState();
        ran |= state == JobState.RUNNING || state == JobState.COMMITTING || state == JobState.FINISHED;
        boolean ended = isTerminal(state);
        if (ran || ended || state == JobState.CANCELLING || !job.getWaitingFor().isEmpty()) {
            started.countDown();
        }
        if (ended) {
            master.forget(onClose);
            end.complete(job);
        }
    }

    static boolean isTerminal(JobState state) {
        return state == JobState.FINISHED || state == JobState.FAILED || state == JobState.CANCELLED;
    }

    private void lost(SolsticeException why) {
        master.forget(onClose);
        end.completeExceptionally(why);
        started.countDown();
    }

    private void broken(@Nullable Throwable why, int asked) {
        if (end.isDone()) {
            return;
        }
        if (why != null && !CallErrors.breakMayPass(why)) {
            lost(master.decode(why));
            return;
        }
        if (pauseMillis == 0) {
            LOG.warn(
                    "lost the master at {}; job '{}' goes on, trying to follow it again",
                    master.options().address(),
                    latest.getJobId());
        }
        master.moveOn(asked);
        pauseMillis = MasterConnection.next(pauseMillis);
        master.later(pauseMillis, () -> {
            master.hurry();
            connect();
        });
    }

    /** One stream of news. */
    private final class Stream implements ClientResponseObserver<WatchJobRequest, Job> {
        private volatile @Nullable ClientCallStreamObserver<WatchJobRequest> call;
        private volatile long heardNanos = Clock.SYSTEM.monotonicNanos();
        private final int asked = master.current();
        private volatile boolean over;

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchJobRequest> started) {
            call = started;
            master.later(SILENCE_MILLIS, this::checkAlive);
        }

        private void checkAlive() {
            ClientCallStreamObserver<WatchJobRequest> watched = call;
            if (over || watched == null) {
                return;
            }
            long silentNanos = Clock.SYSTEM.monotonicNanos() - heardNanos;
            if (silentNanos >= TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS)) {
                watched.cancel("nothing was heard for " + SILENCE_MILLIS + " ms", null);
            } else {
                master.later(SILENCE_MILLIS, this::checkAlive);
            }
        }

        @Override
        public void onNext(Job job) {
            heardNanos = Clock.SYSTEM.monotonicNanos();
            if (pauseMillis > 0) {
                LOG.info("following job '{}' again", job.getJobId());
                pauseMillis = 0;
            }
            news(job);
        }

        @Override
        public void onError(Throwable why) {
            over = true;
            broken(why, asked);
        }

        @Override
        public void onCompleted() {
            over = true;
            broken(null, asked);
        }
    }
}
