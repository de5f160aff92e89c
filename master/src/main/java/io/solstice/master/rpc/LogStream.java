package io.solstice.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.solstice.common.id.RunId;
import io.solstice.master.Watch;
import io.solstice.master.cluster.JobView;
import io.solstice.master.cluster.LogLine;
import io.solstice.proto.v1.JobLogLine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One reader of a run's log, who gets each line once, as fast as they read. On the loop of the door. */
final class LogStream {
    private final Door door;
    private final ServerCallStreamObserver<JobLogLine> call;
    private final boolean follow;
    private final Deque<LogLine> unsent = new ArrayDeque<>();
    private @Nullable RunId run;
    private @Nullable Watch watch;
    private long nextNumber;
    private boolean news;
    private boolean asking;
    private boolean complete;
    private boolean ended;

    LogStream(Door door, ServerCallStreamObserver<JobLogLine> call, boolean follow) {
        this.door = door;
        this.call = call;
        this.follow = follow;
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
        watch = door.master()
                .watch(
                        run,
                        snapshot -> door.loop().submit(() -> {
                            news = true;
                            ask();
                        }));
        news = true;
        ask();
    }

    /** The state before the lines: once it is the last one, so are they. */
    private void ask() {
        if (run == null || ended || asking || !news || !unsent.isEmpty()) {
            return;
        }
        asking = true;
        news = false;
        door.master()
                .job(run)
                .thenCombine(door.master().log(run), (view, lines) -> {
                    boolean over = view.snapshot().state().isTerminal();
                    return new Answer(over, lines);
                })
                .whenCompleteAsync(this::answered, door.loop()::submit);
    }

    private record Answer(boolean over, List<LogLine> lines) {}

    private void answered(@Nullable Answer answer, @Nullable Throwable failure) {
        asking = false;
        if (ended) {
            return;
        }
        if (answer == null) {
            fail(failure);
            return;
        }
        complete = answer.over || !follow;
        for (LogLine line : answer.lines) {
            if (line.number() >= nextNumber) {
                unsent.add(line);
                nextNumber = line.number() + 1;
            }
        }
        pump();
    }

    private void pump() {
        while (!ended && call.isReady() && !unsent.isEmpty()) {
            LogLine line = unsent.remove();
            call.onNext(JobLogLine.newBuilder()
                    .setTimeMillis(line.wallMillis())
                    .setLevel(line.level().name())
                    .setText(line.text())
                    .build());
        }
        if (!ended && complete && unsent.isEmpty()) {
            end();
            call.onCompleted();
        } else {
            ask();
        }
    }

    private void fail(@Nullable Throwable failure) {
        end();
        call.onError(Door.coded(failure));
    }

    private void end() {
        ended = true;
        if (watch != null) {
            watch.close();
        }
    }
}
