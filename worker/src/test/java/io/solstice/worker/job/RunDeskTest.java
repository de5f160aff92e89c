package io.solstice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.row.Row;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.Renewal;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.ChannelId;
import io.solstice.exchange.channel.Exchange;
import io.solstice.testing.MemorySink;
import io.solstice.testing.MemorySource;
import io.solstice.worker.code.LoadedProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker's runs as a master commands them: cut, committed, given up, and begun again. */
class RunDeskTest {
    private static final WorkerId SELF = new WorkerId("w");
    private static final StageId IN = new StageId("in");

    @TempDir
    Path folder;

    private final BufferAllocator memory = new RootAllocator();
    private final LinkedBlockingQueue<WorkerReport> reports = new LinkedBlockingQueue<>();
    private final MemorySink sink = new MemorySink();
    private final RunDesk desk = new RunDesk(
            new Surroundings(SELF, spec -> new Loaded(job()), new Alone(), null, memory, Gpus.named(List.of())),
            reports::add);

    @AfterEach
    void nothingIsLeft() {
        desk.close();
        assertThat(memory.getAllocatedMemory()).isZero();
        memory.close();
    }

    private Job job() {
        return new Job("job")
                .stateBackend(new StateBackend.LocalStateBackend(folder.toString()))
                .addStage(Stage.source("in", MemorySource.of(rows()).splits(4)))
                .addStage(Stage.operator("sum", Sum::new), "in")
                .addStage(Stage.sink("out", sink), "sum");
    }

    /** Adds the sum so far to each row. */
    private static final class Sum implements RowOperator {
        private @Nullable OperatorContext context;

        @Override
        public void open(OperatorContext opened) {
            context = opened;
        }

        @Override
        public List<Row> process(Row record) {
            OperatorContext task = Objects.requireNonNull(context);
            Object before = task.getState("sum");
            long sum = (before == null ? 0 : (Long) before) + record.getLong("n");
            task.setState("sum", sum);
            return List.of(record.with("sum", sum));
        }
    }

    private record Loaded(Job job) implements LoadedProgram {
        @Override
        public ClassLoader classes() {
            return RunDeskTest.class.getClassLoader();
        }

        @Override
        public void close() {}
    }

    private static final class Alone implements Exchange {
        @Override
        public Channel receive(ChannelId id, String secret, long budgetBytes, BufferAllocator own, Runnable wake) {
            throw new AssertionError("there is no other worker");
        }

        @Override
        public Channel send(ChannelId id, String secret, Endpoint to, Runnable wake) {
            throw new AssertionError("there is no other worker");
        }

        @Override
        public void release(Predicate<ChannelId> channels) {}
    }

    private <T extends WorkerReport> T next(Class<T> kind, Predicate<T> wanted) throws InterruptedException {
        while (true) {
            WorkerReport report = Objects.requireNonNull(reports.poll(30, TimeUnit.SECONDS), "no " + kind);
            if (kind.isInstance(report) && wanted.test(kind.cast(report))) {
                return kind.cast(report);
            }
        }
    }

    private JobSpec spec() {
        return new JobSpec(job().graph(), Program.LOCAL, "request", "anonymous");
    }

    private RunId begin(long generation, RestorePoint restore) throws InterruptedException {
        RunId run = new RunId(spec().job(), generation);
        Placement placement = new Placement(Map.of(IN, List.of(SELF)), Map.of(SELF, new Endpoint("localhost", 1)));
        desk.carryOut(new WorkerCommand.Deploy(run, spec(), Map.of(), placement, "secret", restore, Renewal.WHOLE));
        next(WorkerReport.Deployed.class, any -> true);
        desk.carryOut(new WorkerCommand.Start(run));
        next(WorkerReport.SplitsWanted.class, any -> true);
        return run;
    }

    private void release(RunId run) throws InterruptedException {
        desk.carryOut(new WorkerCommand.Cancel(run));
        desk.carryOut(new WorkerCommand.Release(run, List.of()));
        next(WorkerReport.Released.class, any -> true);
        desk.forget(run);
    }

    private void commit(RunId run, long epoch, CommitPoint.Kind kind, TaskSnapshot snapshot) throws Exception {
        CommitPoint point = new CommitPoint(CheckpointId.of(epoch * 1000, 1), epoch, kind);
        desk.carryOut(new WorkerCommand.Commit(run, spec(), point, snapshot.committables()));
        next(WorkerReport.Committed.class, committed -> committed.epoch() == epoch);
    }

    @Test
    void aRunBeginsWhereACheckpointOfAnEarlierOneEnded() throws Exception {
        List<SplitStart> all = new ArrayList<>();
        for (Split split : MemorySource.of(rows()).splits(4).get().splits()) {
            all.add(SplitStart.fresh(split));
        }
        TaskId task = new TaskId(spec().job(), IN, 0);
        RunId first = begin(1, RestorePoint.NONE);
        desk.carryOut(new WorkerCommand.AssignSplits(first, task, IN, 1, all.subList(0, 2), false));
        next(WorkerReport.SplitsWanted.class, wanted -> wanted.number() == 2);
        desk.carryOut(new WorkerCommand.Checkpoint(first, 1, true, 0));
        TaskSnapshot cut = next(WorkerReport.SnapshotTaken.class, any -> true).snapshot();
        assertThat(cut.states()).hasSize(1);
        assertThat(cut.committables()).hasSize(1);
        commit(first, 1, CommitPoint.Kind.EPOCH, cut);
        release(first);

        SourcePosition position = cut.positions().get(0);
        List<SplitStart> rest = new ArrayList<>(all.subList(position.finished(), all.size()));
        rest.set(0, new SplitStart(rest.get(0).split(), position.rows(), position.watermark()));
        RunId second = begin(
                2, new RestorePoint(1, cut.states(), Map.of(cut.states().get(0).stage(), 1), List.of()));
        commit(second, 1, CommitPoint.Kind.RECOVERY, cut);
        desk.carryOut(new WorkerCommand.AssignSplits(second, task, IN, 1, rest, true));
        TaskOutcome outcome = next(WorkerReport.TaskEnded.class, any -> true).outcome();
        TaskSnapshot end =
                new TaskSnapshot(task, List.of(), List.of(), ((TaskOutcome.Finished) outcome).committables());
        commit(second, 2, CommitPoint.Kind.LAST, end);
        release(second);

        assertThat(sink.rows()).hasSize(100);
        for (int n = 0; n < 100; n++) {
            assertThat(sink.rows().get(n)).isEqualTo(Row.of("n", (long) n, "sum", n * (n + 1L) / 2));
        }
    }

    @Test
    void aTaskBeginsAgainWithinItsRun() throws Exception {
        List<SplitStart> all = new ArrayList<>();
        for (Split split : MemorySource.of(rows()).splits(4).get().splits()) {
            all.add(SplitStart.fresh(split));
        }
        TaskId task = new TaskId(spec().job(), IN, 0);
        RunId run = begin(1, RestorePoint.NONE);
        desk.carryOut(new WorkerCommand.AssignSplits(run, task, IN, 1, all.subList(0, 2), false));
        next(WorkerReport.SplitsWanted.class, wanted -> wanted.number() == 2);
        desk.carryOut(new WorkerCommand.Checkpoint(run, 1, false, 0));
        TaskSnapshot cut = next(WorkerReport.SnapshotTaken.class, any -> true).snapshot();
        commit(run, 1, CommitPoint.Kind.EPOCH, cut);
        desk.carryOut(new WorkerCommand.AssignSplits(run, task, IN, 2, all.subList(2, 3), false));
        next(WorkerReport.SplitsWanted.class, wanted -> wanted.number() == 3);
        desk.carryOut(new WorkerCommand.Checkpoint(run, 2, false, 1));
        TaskSnapshot vain = next(WorkerReport.SnapshotTaken.class, any -> true).snapshot();

        desk.carryOut(new WorkerCommand.EndTasks(run, List.of(task)));
        assertThat(next(WorkerReport.TaskEnded.class, any -> true).outcome()).isEqualTo(new TaskOutcome.Cancelled());
        assertThat(desk.metrics(run)).as("counters of a task that is gone").isEmpty();
        desk.carryOut(new WorkerCommand.Discard(run, vain.committables()));
        Placement placement = new Placement(Map.of(IN, List.of(SELF)), Map.of(SELF, new Endpoint("localhost", 1)));
        RestorePoint restore =
                new RestorePoint(1, cut.states(), Map.of(cut.states().get(0).stage(), 1), List.of());
        Renewal renewal = new Renewal("1.1", List.of(task));
        desk.carryOut(new WorkerCommand.Deploy(run, spec(), Map.of(), placement, "secret", restore, renewal));
        next(WorkerReport.Deployed.class, any -> true);
        assertThat(Thread.getAllStackTraces().keySet())
                .as("who wrote the state of the task before")
                .noneMatch(thread -> thread.getName().equals("state of " + run));
        desk.carryOut(new WorkerCommand.Start(run));
        next(WorkerReport.SplitsWanted.class, wanted -> wanted.number() == 1);

        SourcePosition position = cut.positions().get(0);
        List<SplitStart> rest = new ArrayList<>(all.subList(position.finished(), all.size()));
        rest.set(0, new SplitStart(rest.get(0).split(), position.rows(), position.watermark()));
        desk.carryOut(new WorkerCommand.AssignSplits(run, task, IN, 1, rest, true));
        TaskOutcome outcome = next(WorkerReport.TaskEnded.class, any -> true).outcome();
        TaskSnapshot end =
                new TaskSnapshot(task, List.of(), List.of(), ((TaskOutcome.Finished) outcome).committables());
        commit(run, 3, CommitPoint.Kind.LAST, end);
        release(run);

        assertThat(sink.rows()).hasSize(100);
        for (int n = 0; n < 100; n++) {
            assertThat(sink.rows().get(n)).isEqualTo(Row.of("n", (long) n, "sum", n * (n + 1L) / 2));
        }
    }

    private static List<Row> rows() {
        return LongStream.range(0, 100).mapToObj(n -> Row.of("n", n)).toList();
    }

    @Test
    void aTaskThatHadEndedEndsAtOnceAndWritesNothing() throws Exception {
        TaskId task = new TaskId(spec().job(), IN, 0);
        RunId run = new RunId(spec().job(), 1);
        Placement placement = new Placement(Map.of(IN, List.of(SELF)), Map.of(SELF, new Endpoint("localhost", 1)));
        RestorePoint restore = new RestorePoint(3, List.of(), Map.of(), List.of(task));
        desk.carryOut(new WorkerCommand.Deploy(run, spec(), Map.of(), placement, "secret", restore, Renewal.WHOLE));
        desk.carryOut(new WorkerCommand.Start(run));
        assertThat(next(WorkerReport.TaskEnded.class, any -> true).outcome())
                .isEqualTo(new TaskOutcome.Finished(List.of()));
        release(run);
        assertThat(sink.openWriters()).isZero();
    }
}
