package io.solstice.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.solstice.common.id.RunId;
import io.solstice.common.loop.Clock;
import io.solstice.master.Watch;
import io.solstice.master.cluster.JobView;
import io.solstice.proto.v1.Job;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One reader's view of a run. It does not queue: a reader that comes late gets the newest state only, and the last one
 * always. On the loop of the door.
 */
final class WatchStream {
    private final Door door;
    private final ServerCallStreamObserver<Job> call;
    private final long intervalMillis;
    private final Runnable tick = this::tick;
    private @Nullable RunId run;
    private @Nullable Watch watch;
    private long lastSentMillis;
    private boolean news = true;
    private boolean asking;
    private boolean ended;

    WatchStream(Door door, ServerCallStreamObserver<Job> call, long intervalMillis) {
        this.door = door;
        this.call = call;
        this.intervalMillis = intervalMillis;
    }

    /** To be called where the call comes in. */
    void open(CompletableFuture<JobView> job) {
        call.setOnReadyHandler(() -> door.loop().submit(this::pump));
        call.setOnCancelHandler(() -> door.loop().submit(this::end));
        job.whenCompleteAsync(this::found, door.loop()::submit);
    }

    private void found(@Nullable JobView view, @Nullable Throwable failure) {
        if (ended) {
            return;
        }
        if (view == null) {
            fail(failure);
            return;
        }
        run = view.snapshot().run();
        if (intervalMillis > 0) {
            door.ticking().add(tick);
        }
        watch = door.master()
                .watch(
                        run,
                        snapshot -> door.loop().submit(() -> {
                            news = true;
                            pump();
                        }));
        pump();
    }

    private void fail(@Nullable Throwable failure) {
        end();
        call.onError(Door.coded(failure));
    }

    private void tick() {
        if (nowMillis() - lastSentMillis >= intervalMillis) {
            news = true;
            pump();
        }
    }

    void pump() {
        if (run == null || ended || asking || !news || !call.isReady()) {
            return;
        }
        asking = true;
        news = false;
        door.master().job(run).whenCompleteAsync(this::answered, door.loop()::submit);
    }

    private void answered(@Nullable JobView view, @Nullable Throwable failure) {
        asking = false;
        if (ended) {
            return;
        }
        if (view == null) {
            fail(failure);
            return;
        }
        lastSentMillis = nowMillis();
        call.onNext(Messages.job(view));
        if (view.snapshot().state().isTerminal()) {
            end();
            call.onCompleted();
        } else {
            pump();
        }
    }

    private static long nowMillis() {
        return Clock.SYSTEM.monotonicNanos() / 1_000_000;
    }

    void end() {
        ended = true;
        door.ticking().remove(tick);
        if (watch != null) {
            watch.close();
        }
    }
}
