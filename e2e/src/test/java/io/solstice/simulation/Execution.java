package io.solstice.simulation;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.StatePlace;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a worker does for one run: one command after the other, while its tasks move by chance and fail by chance. */
final class Execution {
    private static final SolsticeError BROKEN = ErrorCode.FUNCTION_FAILED.error("broken");
    private static final SolsticeError PASSING = ErrorCode.IO_FAILED.error("unlucky");

    private final World world;
    private final WorkerNode worker;
    private final RunId run;
    private final Deque<WorkerCommand> commands = new ArrayDeque<>();
    private final Map<TaskId, SimulatedTask> tasks = new TreeMap<>();
    /** Cuts whose state is still being written, by task. */
    private final Map<TaskId, Integer> uploads = new HashMap<>();
    /** Ends of tasks that are told after these; a run is not released before, as no real one is. */
    private int unsaid;

    private final Set<TaskId> started = new HashSet<>();
    /** Told to end while others go on. */
    private final Set<TaskId> ending = new HashSet<>();

    private boolean busy;
    private boolean cancelled;

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
        boolean takesTime = !(command instanceof WorkerCommand.Cancel
                || command instanceof WorkerCommand.EndTasks
                || command instanceof WorkerCommand.AssignSplits);
        busy = true;
        later(takesTime ? world.timeline().delay(1, 1_500) : 1, this::obey);
    }

    private void later(long millis, Runnable what) {
        world.timeline().in(millis, () -> worker.machine().run(what));
    }

    private void obey() {
        WorkerCommand command = commands.element();
        if (command instanceof WorkerCommand.Release && !cancelled) {
            cancel();
        }
        boolean writes = uploads.values().stream().anyMatch(open -> open > 0);
        boolean waits = command instanceof WorkerCommand.Release && (!tasks.isEmpty() || writes || unsaid > 0)
                || command instanceof WorkerCommand.Deploy && !ending.isEmpty();
        if (waits) {
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
                            : new WorkerReport.Prepared(run, known.splits(), Map.of(), Set.of()));
        } else if (command instanceof WorkerCommand.Deploy deploy) {
            deploy(deploy);
        } else if (command instanceof WorkerCommand.Start) {
            tasks.keySet().stream().filter(started::add).toList().forEach(this::moveLater);
        } else if (command instanceof WorkerCommand.EndTasks end) {
            ending.addAll(end.tasks());
            ending.retainAll(tasks.keySet());
            ending.stream().filter(started::add).toList().forEach(this::moveLater);
        } else if (command instanceof WorkerCommand.AssignSplits assign) {
            assign(assign);
        } else if (command instanceof WorkerCommand.Cancel) {
            cancel();
        } else if (command instanceof WorkerCommand.Commit commit) {
            commit(commit);
        } else if (command instanceof WorkerCommand.Checkpoint checkpoint) {
            tasks.values()
                    .forEach(task ->
                            task.cutSoon(new Channels.Element.Barrier(checkpoint.epoch(), checkpoint.canonical())));
        } else if (command instanceof WorkerCommand.Release) {
            worker.report(new WorkerReport.Released(run));
        }
    }

    private void cancel() {
        cancelled = true;
        List.copyOf(tasks.keySet()).forEach(this::moveLater);
    }

    private void commit(WorkerCommand.Commit commit) {
        long epoch = commit.point().epoch();
        if (world.timeline().chance(world.faults().failing() / 20)) {
            worker.report(
                    new WorkerReport.CommitFailed(run, epoch, world.timeline().chance(0.3) ? BROKEN : PASSING));
            return;
        }
        boolean forgets = world.plant() == Plant.RECOVERY_PUBLISHES_NOTHING
                && commit.point().kind() == CommitPoint.Kind.RECOVERY;
        if (!forgets) {
            world.ledger().commits(commit);
        }
        if (commit.point().kind() == CommitPoint.Kind.RECOVERY) {
            world.sees(Sight.RECOVERY);
        }
        worker.report(new WorkerReport.Committed(run, epoch));
    }

    private void deploy(WorkerCommand.Deploy deploy) {
        if (fails()) {
            worker.report(new WorkerReport.DeployFailed(run, world.timeline().chance(0.3) ? BROKEN : PASSING));
            return;
        }
        world.archive().beginsWith(run.job(), deploy.restore().states());
        deploy.placement().workers().forEach((stage, workers) -> {
            for (int i = 0; i < workers.size(); i++) {
                TaskId task = new TaskId(run.job(), stage, i);
                if (workers.get(i).equals(worker.id()) && deploy.renewal().covers(task)) {
                    String attempt = deploy.renewal().attempt();
                    world.ledger().starts(run, attempt, task);
                    boolean finished = deploy.restore().finished().contains(task);
                    SimulatedTask made = new SimulatedTask(world, run, attempt, deploy.spec(), task, finished);
                    made.restore(deploy.restore());
                    tasks.put(task, made);
                }
            }
        });
        worker.report(new WorkerReport.Deployed(run));
    }

    private void assign(WorkerCommand.AssignSplits assign) {
        SimulatedTask task = tasks.get(assign.task());
        if (task != null) {
            List<Split> splits = assign.splits().stream().map(SplitStart::split).toList();
            world.ledger().getsSplits(run, task.attempt(), assign.task(), splits);
            task.assign(assign);
        }
    }

    private void moveLater(TaskId id) {
        later(world.timeline().delay(1, 400), () -> move(id));
    }

    private void move(TaskId id) {
        SimulatedTask task = tasks.get(id);
        if (task == null) {
            return;
        }
        if (cancelled || ending.contains(id)) {
            end(id, world.timeline().chance(0.2) ? new TaskOutcome.Finished(task.seal()) : new TaskOutcome.Cancelled());
        } else if (world.timeline().chance(world.faults().failing() / 10)) {
            boolean hidden = world.plant() == Plant.FAILURE_PASSES_FOR_SUCCESS;
            SolsticeError why = world.timeline().chance(0.1) ? BROKEN : PASSING;
            end(id, hidden ? new TaskOutcome.Finished(List.of()) : new TaskOutcome.Failed(why));
        } else {
            did(id, task.step());
        }
        if (tasks.containsKey(id)) {
            moveLater(id);
        }
    }

    private void did(TaskId id, SimulatedTask.Step step) {
        if (step instanceof SimulatedTask.Step.Asks asks) {
            worker.report(new WorkerReport.SplitsWanted(run, id, id.stage(), asks.number(), asks.ahead()));
        } else if (step instanceof SimulatedTask.Step.FinishedSplit finished) {
            worker.report(new WorkerReport.SplitFinished(run, id, id.stage(), finished.split()));
        } else if (step instanceof SimulatedTask.Step.Cut cut) {
            upload(id, cut);
        } else if (step instanceof SimulatedTask.Step.Ends ends) {
            end(id, new TaskOutcome.Finished(ends.sealed()));
        }
    }

    /** Writes the state aside; two of them may overtake each other. */
    private void upload(TaskId id, SimulatedTask.Step.Cut cut) {
        uploads.merge(id, 1, Integer::sum);
        boolean fails = world.timeline().chance(world.faults().storeFailing());
        boolean early = world.plant() == Plant.STATE_IS_ACKNOWLEDGED_BEFORE_IT_IS_WRITTEN;
        List<Committable> sealed = world.plant() == Plant.SEALED_IN_VAIN_IS_FORGOTTEN
                ? List.of()
                : cut.snapshot().committables();
        WorkerReport report = fails && !early
                ? new WorkerReport.SnapshotFailed(run, cut.epoch(), id, sealed, PASSING)
                : new WorkerReport.SnapshotTaken(run, cut.epoch(), cut.snapshot());
        if (early) {
            worker.report(report);
        }
        later(world.timeline().delay(1, world.timeline().chance(0.1) ? 6_000 : 100), () -> {
            uploads.merge(id, -1, Integer::sum);
            if (!fails) {
                if (world.ledger().isOver(run)) {
                    world.sees(Sight.ZOMBIE_WRITES);
                }
                cut.snapshot().states().stream()
                        .map(StateObject::key)
                        .filter(key -> StatePlace.of(key).orElseThrow().epoch() == cut.epoch())
                        .forEach(world.store()::keep);
            }
            if (!early) {
                worker.report(report);
            }
        });
    }

    private void end(TaskId id, TaskOutcome outcome) {
        tasks.remove(id);
        started.remove(id);
        ending.remove(id);
        unsaid++;
        sayEnd(id, outcome);
    }

    /** The end of a task is its last word. */
    private void sayEnd(TaskId id, TaskOutcome outcome) {
        if (uploads.getOrDefault(id, 0) > 0) {
            later(20, () -> sayEnd(id, outcome));
        } else {
            unsaid--;
            worker.report(new WorkerReport.TaskEnded(run, id, outcome));
        }
    }

    private boolean fails() {
        return world.timeline().chance(world.faults().failing());
    }
}
