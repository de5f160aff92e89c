package io.solstice.embedded;

import io.solstice.api.CheckpointStatus;
import io.solstice.api.HotKey;
import io.solstice.api.JobHandle;
import io.solstice.api.JobMetrics;
import io.solstice.api.JobStatus;
import io.solstice.api.StageMetrics;
import io.solstice.api.StageState;
import io.solstice.api.time.EventTime;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.StageNode;
import io.solstice.common.id.RunId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.CheckpointFacts;
import io.solstice.common.protocol.FrequentKey;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSnapshot.SplitProgress;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.StateUse;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.embedded.EmbeddedSolstice.Counters;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The handle of one submitted job. The master's thread brings news, any thread asks. */
final class EmbeddedJob implements JobHandle, Consumer<JobSnapshot> {
    private final JobGraph graph;
    private final RunId run;
    private final EmbeddedSolstice engine;
    private final Clock clock;
    private final long startNanos;
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Runnable onEnd = () -> {};
    private volatile JobSnapshot snapshot;
    private volatile boolean ran;
    private volatile @Nullable JobMetrics lastMetrics;
    private volatile long endNanos;

    EmbeddedJob(JobGraph graph, RunId run, EmbeddedSolstice engine, Clock clock) {
        this.graph = graph;
        this.run = run;
        this.engine = engine;
        this.clock = clock;
        this.startNanos = clock.monotonicNanos();
        this.snapshot = JobSnapshot.created(run);
    }

    /** Called before any news comes. */
    void whenEnded(Runnable told) {
        onEnd = told;
    }

    /** News from the master, on its thread. */
    @Override
    public void accept(JobSnapshot news) {
        ran |= news.state() == JobState.RUNNING;
        if (news.state().isTerminal()) {
            endNanos = clock.monotonicNanos();
            snapshot = news;
            Counters last = engine.takeLast(news.current());
            lastMetrics = metrics(news, last == null ? new Counters(List.of(), 0) : last);
            onEnd.run();
            ended.countDown();
        } else {
            snapshot = news;
        }
        if (ran || news.state().isTerminal()) {
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
        if (error != null && now.state() == JobState.FAILED && !ran) {
            throw error.toException();
        }
    }

    @Override
    public String jobId() {
        return graph.job().value();
    }

    @Override
    public JobStatus getStatus() {
        JobSnapshot now = snapshot;
        return new JobStatus(
                jobId(),
                now.state(),
                true,
                uptimeSecs(now),
                graph.stages().size(),
                now.runningTasks(),
                now.waitingFor(),
                checkpoints(now.checkpoints()),
                now.restarts(),
                now.error());
    }

    private static CheckpointStatus checkpoints(CheckpointFacts facts) {
        CheckpointFacts.Completed newest = facts.newest();
        return newest == null
                ? new CheckpointStatus(null, 0, 0, facts.completed(), facts.failed(), facts.recordsSince())
                : new CheckpointStatus(
                        newest.id().value(),
                        newest.millis(),
                        newest.durationMillis(),
                        facts.completed(),
                        facts.failed(),
                        facts.recordsSince());
    }

    private double uptimeSecs(JobSnapshot now) {
        long until = now.state().isTerminal() ? endNanos : clock.monotonicNanos();
        return (until - startNanos) / 1e9;
    }

    @Override
    public JobMetrics getMetrics() {
        JobMetrics last = lastMetrics;
        return last != null ? last : metrics(snapshot, engine.counters(snapshot.current()));
    }

    private JobMetrics metrics(JobSnapshot now, Counters counters) {
        List<StageMetrics> stages = graph.stages().stream()
                .map(stage -> stage(stage, now, counters.tasks()))
                .toList();
        return new JobMetrics(jobId(), now.state(), uptimeSecs(now), stages, counters.memoryBytes());
    }

    private static StageMetrics stage(StageNode stage, JobSnapshot now, List<TaskMetrics> tasks) {
        List<TaskMetrics> own =
                tasks.stream().filter(task -> task.stage().equals(stage.id())).toList();
        SplitProgress splits = now.splits().getOrDefault(stage.id(), new SplitProgress(0, 0));
        long waiting = sum(own, TaskMetrics::waitingBytes);
        return new StageMetrics(
                stage.id().value(),
                own.size(),
                sum(own, TaskMetrics::inputRecords),
                sum(own, TaskMetrics::outputRecords),
                sum(own, TaskMetrics::skippedRecords),
                sum(own, TaskMetrics::lateRecords),
                splits.total(),
                splits.done(),
                waiting,
                waiting > 0,
                EventTime.kept(own.stream()
                        .map(task -> EventTime.of(task.index(), task.time()))
                        .toList()),
                FrequentKey.hot(stage.id(), own.size(), tasks).map(HotKey::of).orElse(null),
                StateUse.sum(stage.id(), tasks).stream().map(StageState::of).toList());
    }

    private static long sum(List<TaskMetrics> tasks, ToLongFunction<TaskMetrics> counter) {
        return tasks.stream().mapToLong(counter).sum();
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
        engine.cancel(run);
    }

    @Override
    public String triggerCheckpoint() {
        return engine.checkpoint(run, false);
    }

    @Override
    public String stopWithSavepoint() {
        return engine.checkpoint(run, true);
    }

    @Override
    public List<String> listCheckpoints() {
        return engine.listCheckpoints(run);
    }

    @Override
    public List<String> cleanupCheckpoints(int keepLast) {
        return engine.cleanupCheckpoints(run, keepLast);
    }
}
