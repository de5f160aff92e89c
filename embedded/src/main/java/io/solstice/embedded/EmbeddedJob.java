package io.solstice.embedded;

import io.solstice.api.JobHandle;
import io.solstice.api.JobMetrics;
import io.solstice.api.JobStatus;
import io.solstice.api.StageMetrics;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.StageNode;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSnapshot.SplitProgress;
import io.solstice.common.protocol.JobState;
import io.solstice.master.Master;
import io.solstice.worker.Worker;
import io.solstice.worker.job.JobRuntime;
import io.solstice.worker.job.StageTotals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The handle of one submitted job. The master's thread brings news, any thread asks. */
final class EmbeddedJob implements JobHandle, Consumer<JobSnapshot> {
    private final JobGraph graph;
    private final Master master;
    private final Clock clock;
    private final Runnable onEnd;
    private final long startNanos;
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Worker worker;
    private volatile JobSnapshot snapshot;
    private volatile @Nullable JobMetrics lastMetrics;
    private volatile long endNanos;

    EmbeddedJob(JobGraph graph, Master master, Worker worker, Clock clock, Runnable onEnd) {
        this.graph = graph;
        this.master = master;
        this.worker = worker;
        this.clock = clock;
        this.onEnd = onEnd;
        this.startNanos = clock.monotonicNanos();
        this.snapshot = new JobSnapshot(graph.job(), JobState.CREATED, 0, Map.of(), null);
    }

    /** News from the master, on its thread. */
    @Override
    public void accept(JobSnapshot news) {
        if (news.state().isTerminal()) {
            endNanos = clock.monotonicNanos();
            snapshot = news;
            lastMetrics = metrics(news);
            worker.forget(graph.job());
            onEnd.run();
            ended.countDown();
        } else {
            snapshot = news;
        }
        if (news.state() != JobState.PREPARING && news.state() != JobState.FAILING) {
            started.countDown();
        }
    }

    /** Waits until the job runs; what keeps it from running is thrown. */
    void awaitStart() {
        try {
            started.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        JobSnapshot now = snapshot;
        SolsticeError error = now.error();
        if (error != null && now.state() == JobState.FAILED && !everRan()) {
            throw error.toException();
        }
    }

    /** A job that ran has metrics of tasks; one that could not be prepared has none. */
    private boolean everRan() {
        JobMetrics metrics = lastMetrics;
        return metrics != null && metrics.stages().stream().anyMatch(stage -> stage.workerCount() > 0);
    }

    @Override
    public String jobId() {
        return graph.job().value();
    }

    @Override
    public JobStatus getStatus() {
        JobSnapshot now = snapshot;
        return new JobStatus(
                jobId(), now.state(), uptimeSecs(now), graph.stages().size(), now.runningTasks(), now.error());
    }

    private double uptimeSecs(JobSnapshot now) {
        long until = now.state().isTerminal() ? endNanos : clock.monotonicNanos();
        return (until - startNanos) / 1e9;
    }

    @Override
    public JobMetrics getMetrics() {
        JobMetrics last = lastMetrics;
        return last != null ? last : metrics(snapshot);
    }

    private JobMetrics metrics(JobSnapshot now) {
        JobRuntime runtime = worker.job(graph.job());
        List<StageMetrics> stages =
                graph.stages().stream().map(stage -> stage(stage, now, runtime)).toList();
        long memory = runtime == null ? 0 : runtime.memoryBytes();
        return new JobMetrics(jobId(), now.state(), uptimeSecs(now), stages, memory);
    }

    private static StageMetrics stage(StageNode stage, JobSnapshot now, @Nullable JobRuntime runtime) {
        StageTotals totals = runtime == null ? new StageTotals(0, 0, 0, 0, 0) : runtime.totals(stage.id());
        SplitProgress splits = now.splits().getOrDefault(stage.id(), new SplitProgress(0, 0));
        return new StageMetrics(
                stage.id().value(),
                totals.tasks(),
                totals.input(),
                totals.output(),
                totals.skipped(),
                splits.total(),
                splits.done(),
                totals.waitingBytes(),
                totals.waitingBytes() > 0);
    }

    @Override
    public JobStatus await() throws InterruptedException {
        ended.await();
        return outcome();
    }

    @Override
    public JobStatus await(Duration timeout) throws InterruptedException {
        if (!ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw ErrorCode.TIMED_OUT
                    .error("job '" + jobId() + "' had not ended after " + timeout)
                    .help("it goes on; wait again, or cancel it")
                    .toException();
        }
        return outcome();
    }

    private JobStatus outcome() {
        SolsticeError error = snapshot.error();
        if (error != null) {
            throw error.toException();
        }
        return getStatus();
    }

    void awaitEndUninterruptibly() {
        boolean interrupted = false;
        while (ended.getCount() > 0) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void cancel() {
        master.cancel(graph.job());
    }
}
