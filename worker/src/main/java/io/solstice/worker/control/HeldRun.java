package io.solstice.worker.control;

import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One run on this worker: takes commands and reports, and says what is to be done about them. */
final class HeldRun {
    private final RunId run;
    private final Set<TaskId> alive = new TreeSet<>();
    /** The newest answer that each source task has had to its questions for splits. */
    private final Map<TaskId, Long> answered = new HashMap<>();

    private RunPhase phase = RunPhase.NEW;
    /** The last answer to Prepare or Commit, for a master that asks again. */
    private @Nullable WorkerReport answer;
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
            return moves(RunPhase.PREPARING) ? carryOut(command) : answerAgain(RunPhase.PREPARED);
        } else if (command instanceof WorkerCommand.Deploy deploy) {
            if (!moves(RunPhase.DEPLOYING)) {
                return List.of();
            }
            placed(deploy.placement(), self);
            return carryOut(command);
        } else if (command instanceof WorkerCommand.Start) {
            return moves(RunPhase.RUNNING) ? carryOut(command) : List.of();
        } else if (command instanceof WorkerCommand.AssignSplits assign) {
            boolean wanted = phase == RunPhase.RUNNING && alive.contains(assign.task()) && isNew(assign);
            return wanted ? carryOut(command) : List.of();
        } else if (command instanceof WorkerCommand.Checkpoint) {
            return phase == RunPhase.RUNNING ? carryOut(command) : List.of();
        } else if (command instanceof WorkerCommand.Cancel) {
            return moves(RunPhase.CANCELLING) ? carryOut(command) : List.of();
        } else if (command instanceof WorkerCommand.Commit) {
            return moves(RunPhase.COMMITTING) ? carryOut(command) : answerAgain(RunPhase.COMMITTED);
        }
        return release((WorkerCommand.Release) command, false);
    }

    private boolean isNew(WorkerCommand.AssignSplits assign) {
        long before = answered.getOrDefault(assign.task(), 0L);
        answered.put(assign.task(), Math.max(before, assign.number()));
        return before < assign.number();
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
        boolean cancel = phase.mayBecome(RunPhase.CANCELLING);
        if (!moves(RunPhase.RELEASING)) {
            quiet &= quietly;
            return List.of();
        }
        quiet = quietly;
        WorkerAction release = new WorkerAction.CarryOut(command);
        return cancel ? List.of(new WorkerAction.CarryOut(new WorkerCommand.Cancel(run)), release) : List.of(release);
    }

    private void placed(Placement placement, WorkerId self) {
        placement.workers().forEach((stage, workers) -> {
            for (int i = 0; i < workers.size(); i++) {
                if (workers.get(i).equals(self)) {
                    alive.add(new TaskId(run.job(), stage, i));
                }
            }
        });
    }

    private static List<WorkerAction> carryOut(WorkerCommand command) {
        return List.of(new WorkerAction.CarryOut(command));
    }

    private List<WorkerAction> answerAgain(RunPhase answered) {
        return answer != null && phase == answered
                ? List.of(new WorkerAction.Send(new WorkerMessage.Report(answer)))
                : List.of();
    }

    /** @return whether the master is to hear of it */
    boolean on(WorkerReport report) {
        if (report instanceof WorkerReport.Prepared || report instanceof WorkerReport.PrepareFailed) {
            answered(report, RunPhase.PREPARED);
        } else if (report instanceof WorkerReport.Deployed) {
            moves(RunPhase.DEPLOYED);
        } else if (report instanceof WorkerReport.DeployFailed) {
            alive.clear();
            moves(RunPhase.ENDED);
        } else if (report instanceof WorkerReport.TaskEnded ended) {
            if (!alive.remove(ended.task())) {
                return false;
            }
            if (alive.isEmpty()) {
                moves(RunPhase.ENDED);
            }
        } else if (report instanceof WorkerReport.Committed || report instanceof WorkerReport.CommitFailed) {
            answered(report, RunPhase.COMMITTED);
        }
        return !quiet;
    }

    private void answered(WorkerReport report, RunPhase next) {
        answer = report;
        moves(next);
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
