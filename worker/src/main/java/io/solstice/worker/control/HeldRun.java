package io.solstice.worker.control;

import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One run on this worker: takes commands and reports, and says what is to be done about them. */
final class HeldRun {
    private final RunId run;
    private final Set<TaskId> alive = new TreeSet<>();
    /** Of those, the tasks that were deployed last and have not been started. */
    private final Set<TaskId> unstarted = new TreeSet<>();
    /** Those that were deployed here; one that comes again changes nothing. */
    private final Set<String> attempts = new TreeSet<>();
    /** Tasks that are to begin again, whose last word has not been heard. */
    private final Set<TaskId> ending = new TreeSet<>();

    private final Transcript transcript = new Transcript();

    private RunPhase phase = RunPhase.NEW;
    /** The answer to Prepare, for a master that asks again. */
    private @Nullable WorkerReport prepared;
    /** The number of the newest checkpoint whose output was to be published, and how that ended. */
    private long publishing;

    private @Nullable WorkerReport published;
    /** Released on the worker's own account: the master does not want to hear of it. */
    private boolean quiet;

    private final List<WorkerCommand> deferred = new ArrayList<>();

    HeldRun(RunId run) {
        this.run = run;
    }

    RunId run() {
        return run;
    }

    RunPhase phase() {
        return phase;
    }

    Set<TaskId> alive() {
        return Set.copyOf(alive);
    }

    static boolean mayBeginWith(WorkerCommand command) {
        return command instanceof WorkerCommand.Prepare
                || command instanceof WorkerCommand.Deploy
                || command instanceof WorkerCommand.Commit;
    }

    /** What a command leads to; one that does not fit where the run is changes nothing. */
    List<WorkerAction> on(WorkerCommand command, WorkerId self) {
        if (command instanceof WorkerCommand.Prepare) {
            return moves(RunPhase.PREPARING) ? carryOut(command) : again(phase == RunPhase.PREPARED ? prepared : null);
        } else if (command instanceof WorkerCommand.Deploy deploy) {
            return deploy(deploy, self);
        } else if (command instanceof WorkerCommand.Start) {
            boolean begins = moves(RunPhase.RUNNING) || phase == RunPhase.RUNNING && !unstarted.isEmpty();
            unstarted.clear();
            return begins ? carryOut(command) : List.of();
        } else if (command instanceof WorkerCommand.EndTasks end) {
            return end(end);
        } else if (command instanceof WorkerCommand.Discard) {
            return phase == RunPhase.RELEASING ? List.of() : carryOut(command);
        } else if (command instanceof WorkerCommand.AssignSplits assign) {
            boolean works =
                    phase == RunPhase.RUNNING && alive.contains(assign.task()) && !ending.contains(assign.task());
            return works && transcript.answers(assign) ? carryOut(command) : List.of();
        } else if (command instanceof WorkerCommand.Checkpoint checkpoint) {
            return phase == RunPhase.RUNNING && transcript.begins(checkpoint) ? carryOut(command) : List.of();
        } else if (command instanceof WorkerCommand.Cancel) {
            return moves(RunPhase.CANCELLING) ? carryOut(command) : List.of();
        } else if (command instanceof WorkerCommand.Commit commit) {
            return commit(commit);
        }
        return release((WorkerCommand.Release) command, false);
    }

    /** All tasks of the run, or those that begin again beside others which go on. */
    private List<WorkerAction> deploy(WorkerCommand.Deploy deploy, WorkerId self) {
        boolean beside = phase == RunPhase.RUNNING && unstarted.isEmpty();
        if (attempts.contains(deploy.renewal().attempt()) || !beside && !moves(RunPhase.DEPLOYING)) {
            return List.of();
        }
        attempts.add(deploy.renewal().attempt());
        if (!deploy.renewal().tasks().isEmpty()) {
            transcript.renew();
        }
        unstarted.clear();
        unstarted.addAll(placed(deploy, self));
        alive.addAll(unstarted);
        return carryOut(deploy);
    }

    private List<WorkerAction> end(WorkerCommand.EndTasks command) {
        transcript.forget(command.tasks());
        transcript.renew();
        List<TaskId> here = command.tasks().stream().filter(alive::contains).toList();
        if (here.isEmpty() || phase == RunPhase.CANCELLING || phase == RunPhase.RELEASING) {
            return List.of();
        }
        ending.addAll(here);
        return carryOut(new WorkerCommand.EndTasks(run, here));
    }

    /** Publishes each checkpoint's output once, whatever the tasks are doing; asked again, it answers again. */
    private List<WorkerAction> commit(WorkerCommand.Commit commit) {
        long number = commit.point().epoch();
        if (phase == RunPhase.RELEASING || number < publishing) {
            return List.of();
        }
        if (number == publishing) {
            return again(published);
        }
        publishing = number;
        published = null;
        return carryOut(commit);
    }

    /** What a master must hear that did not lead the run so far. */
    List<WorkerReport> account() {
        // Another master may count from less: what the one before had begun was perhaps never canonical.
        publishing = 0;
        published = null;
        List<WorkerReport> said = new ArrayList<>();
        said.add(new WorkerReport.Kept(run, transcript.account(alive)));
        said.addAll(transcript.openQuestions(alive));
        return said;
    }

    /** Whether it is being let go of without the master's knowing. */
    boolean isReleasedQuietly() {
        return quiet && phase == RunPhase.RELEASING;
    }

    /** A command of a new link for a run of an old one, which has to be gone first. */
    void defer(WorkerCommand command) {
        deferred.add(command);
    }

    /** What came meanwhile, in order. */
    List<WorkerCommand> deferred() {
        return deferred;
    }

    /** Lets go of the run without being told to. */
    List<WorkerAction> releaseQuietly() {
        deferred.clear();
        return release(new WorkerCommand.Release(run, List.of()), true);
    }

    private List<WorkerAction> release(WorkerCommand.Release command, boolean quietly) {
        if (!moves(RunPhase.RELEASING)) {
            quiet &= quietly;
            return List.of();
        }
        quiet = quietly;
        return carryOut(command);
    }

    private List<TaskId> placed(WorkerCommand.Deploy deploy, WorkerId self) {
        List<TaskId> here = new ArrayList<>();
        deploy.placement().workers().forEach((stage, workers) -> {
            for (int i = 0; i < workers.size(); i++) {
                TaskId task = new TaskId(run.job(), stage, i);
                if (workers.get(i).equals(self) && deploy.renewal().covers(task)) {
                    here.add(task);
                }
            }
        });
        return here;
    }

    private static List<WorkerAction> carryOut(WorkerCommand command) {
        return List.of(new WorkerAction.CarryOut(command));
    }

    private static List<WorkerAction> again(@Nullable WorkerReport answer) {
        return answer != null ? List.of(new WorkerAction.Send(new WorkerMessage.Report(answer))) : List.of();
    }

    /** @return whether the master is to hear of it */
    boolean on(WorkerReport report) {
        if (report instanceof WorkerReport.Prepared || report instanceof WorkerReport.PrepareFailed) {
            prepared = report;
            moves(RunPhase.PREPARED);
        } else if (report instanceof WorkerReport.Deployed) {
            moves(RunPhase.DEPLOYED);
        } else if (report instanceof WorkerReport.DeployFailed) {
            alive.removeAll(unstarted);
            ending.removeAll(unstarted);
            unstarted.clear();
            if (alive.isEmpty()) {
                moves(RunPhase.ENDED);
            }
        } else if (report instanceof WorkerReport.TaskEnded ended) {
            if (!alive.remove(ended.task())) {
                return false;
            }
            if (alive.isEmpty()) {
                moves(RunPhase.ENDED);
            }
        } else if (report instanceof WorkerReport.Committed committed) {
            published = committed.epoch() == publishing ? report : published;
        } else if (report instanceof WorkerReport.CommitFailed failed) {
            published = failed.epoch() == publishing ? report : published;
        }
        note(report);
        return !quiet;
    }

    /** What a task says that is to begin again is of no use to another master. */
    private void note(WorkerReport report) {
        transcript.says(report);
        if (!ending.isEmpty()) {
            transcript.forget(ending);
            if (report instanceof WorkerReport.TaskEnded ended) {
                ending.remove(ended.task());
                unstarted.remove(ended.task());
            }
        }
    }

    /** The one place where the phase changes; not where the run cannot go from here. */
    private boolean moves(RunPhase next) {
        boolean legal = phase.mayBecome(next);
        if (legal) {
            phase = next;
        }
        return legal;
    }
}
