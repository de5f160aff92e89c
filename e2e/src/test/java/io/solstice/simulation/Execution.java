package io.solstice.simulation;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a worker does for one run: one command after the other, while its tasks move by chance and fail by chance. */
final class Execution {
    private static final SolsticeError BROKEN = ErrorCode.FUNCTION_FAILED.error("broken");

    private final World world;
    private final WorkerNode worker;
    private final RunId run;
    private final Deque<WorkerCommand> commands = new ArrayDeque<>();
    private final Map<TaskId, Running> tasks = new TreeMap<>();
    private @Nullable RandomJob job;
    private boolean busy;
    private boolean cancelled;

    /** What one task is at. */
    private static final class Running {
        private final Queue<Split> reading = new ArrayDeque<>();
        private long questions;
        private boolean asked;
        private boolean last;
    }

    Execution(World world, WorkerNode worker, RunId run) {
        this.world = world;
        this.worker = worker;
        this.run = run;
    }

    void carryOut(WorkerCommand command) {
        commands.add(command);
        next();
    }

    private void next() {
        WorkerCommand command = commands.peek();
        if (busy || command == null) {
            return;
        }
        boolean takesTime = !(command instanceof WorkerCommand.Cancel || command instanceof WorkerCommand.AssignSplits);
        busy = true;
        later(takesTime ? world.timeline().delay(1, 1_500) : 1, this::obey);
    }

    private void later(long millis, Runnable what) {
        world.timeline().in(millis, () -> worker.machine().run(what));
    }

    private void obey() {
        WorkerCommand command = commands.element();
        if (command instanceof WorkerCommand.Release && !tasks.isEmpty()) {
            later(50, this::obey);
            return;
        }
        commands.remove();
        busy = false;
        obey(command);
        next();
    }

    private void obey(WorkerCommand command) {
        if (command instanceof WorkerCommand.Prepare prepare) {
            RandomJob known = world.ledger().job(prepare.spec().requestId());
            worker.report(
                    fails()
                            ? new WorkerReport.PrepareFailed(run, BROKEN)
                            : new WorkerReport.Prepared(run, known.splits(), Map.of()));
        } else if (command instanceof WorkerCommand.Deploy deploy) {
            deploy(deploy);
        } else if (command instanceof WorkerCommand.Start) {
            List.copyOf(tasks.keySet()).forEach(this::moveLater);
        } else if (command instanceof WorkerCommand.AssignSplits assign) {
            assign(assign);
        } else if (command instanceof WorkerCommand.Cancel) {
            cancelled = true;
            List.copyOf(tasks.keySet()).forEach(this::moveLater);
        } else if (command instanceof WorkerCommand.Commit commit) {
            boolean succeeds = !fails();
            world.ledger().commits(run, world.ledger().job(commit.spec().requestId()), commit.committables(), succeeds);
            long epoch = commit.point().epoch();
            worker.report(
                    succeeds
                            ? new WorkerReport.Committed(run, epoch)
                            : new WorkerReport.CommitFailed(run, epoch, BROKEN));
        } else {
            worker.report(new WorkerReport.Released(run));
        }
    }

    private void deploy(WorkerCommand.Deploy deploy) {
        if (fails()) {
            worker.report(new WorkerReport.DeployFailed(run, BROKEN));
            return;
        }
        job = world.ledger().job(deploy.spec().requestId());
        deploy.placement().workers().forEach((stage, workers) -> {
            for (int i = 0; i < workers.size(); i++) {
                TaskId task = new TaskId(run.job(), stage, i);
                if (workers.get(i).equals(worker.id())) {
                    world.ledger().starts(run, task);
                    tasks.put(task, new Running());
                }
            }
        });
        worker.report(new WorkerReport.Deployed(run));
    }

    private void assign(WorkerCommand.AssignSplits assign) {
        Running task = tasks.get(assign.task());
        if (task == null) {
            return;
        }
        List<Split> splits = assign.splits().stream().map(SplitStart::split).toList();
        world.ledger().getsSplits(run, assign.source(), splits);
        task.reading.addAll(splits);
        task.last |= assign.last();
        task.asked = false;
    }

    private void moveLater(TaskId id) {
        later(world.timeline().delay(1, 400), () -> move(id));
    }

    private void move(TaskId id) {
        Running task = tasks.get(id);
        RandomJob known = job;
        if (task == null || known == null) {
            return;
        }
        if (cancelled) {
            end(id, world.timeline().chance(0.2) ? finished(known, id) : new TaskOutcome.Cancelled());
        } else if (fails()) {
            boolean hidden = world.plant() == Plant.FAILURE_PASSES_FOR_SUCCESS;
            end(id, hidden ? new TaskOutcome.Finished(List.of()) : new TaskOutcome.Failed(BROKEN));
        } else if (known.reads(id.stage())) {
            read(known, id, task);
        } else if (world.ledger().isRead(run, known)) {
            end(id, finished(known, id));
        }
        if (tasks.containsKey(id)) {
            moveLater(id);
        }
    }

    private void read(RandomJob known, TaskId id, Running task) {
        Split next = task.reading.poll();
        if (next != null) {
            worker.report(new WorkerReport.SplitFinished(run, id, id.stage(), next.id()));
        } else if (task.last) {
            end(id, finished(known, id));
        } else if (!task.asked) {
            task.asked = true;
            worker.report(new WorkerReport.SplitsWanted(run, id, id.stage(), ++task.questions));
        }
    }

    private TaskOutcome finished(RandomJob known, TaskId id) {
        StageId tail = known.plan().chainOf(id.stage()).tail();
        List<Committable> sealed =
                known.writes(id.stage()) ? List.of(new Committable(tail, id.index(), id.toString())) : List.of();
        world.ledger().finishes(run, id, sealed);
        return new TaskOutcome.Finished(sealed);
    }

    private void end(TaskId id, TaskOutcome outcome) {
        tasks.remove(id);
        worker.report(new WorkerReport.TaskEnded(run, id, outcome));
    }

    private boolean fails() {
        return world.timeline().chance(world.faults().failing());
    }
}
