package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Chain;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSnapshot.SplitProgress;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leads one job through its life, which {@link JobState} draws. Each method takes what has happened and returns what
 * the worker shall do; nothing else happens here. Reports that come too late, or twice, change nothing.
 *
 * <p>Commit is all or nothing at the level of the job: only when every task has finished are the committables of all
 * sinks committed; in every other case they are discarded.
 */
public final class JobCoordinator {
    private final ChainPlan plan;
    private final Set<TaskId> running = new LinkedHashSet<>();
    private final Map<StageId, SplitQueue> splits = new HashMap<>();
    private final List<Committable> committables = new ArrayList<>();
    private JobState state = JobState.CREATED;
    private boolean prepareAnswered;
    private boolean releasing;
    private @Nullable SolsticeError error;

    public JobCoordinator(ChainPlan plan) {
        this.plan = plan;
    }

    private JobId job() {
        return plan.graph().job();
    }

    public JobState state() {
        return state;
    }

    public JobSnapshot snapshot() {
        Map<StageId, SplitProgress> progress = new HashMap<>();
        splits.forEach((stage, queue) -> progress.put(stage, queue.progress()));
        return new JobSnapshot(job(), state, running.size(), progress, error);
    }

    public List<WorkerCommand> start() {
        become(JobState.PREPARING);
        return List.of(new WorkerCommand.Prepare(job()));
    }

    /** Asks for the end; a job that is committing or ending goes on. */
    public List<WorkerCommand> cancel() {
        if (!state.mayBecome(JobState.CANCELLING)) {
            return List.of();
        }
        boolean preparing = state == JobState.PREPARING;
        become(JobState.CANCELLING);
        // While the worker prepares, its answer is awaited first, so that release never overtakes it.
        return preparing ? List.of() : endTasks();
    }

    public List<WorkerCommand> on(WorkerReport report) {
        if (report instanceof WorkerReport.Prepared prepared) {
            return prepared(prepared);
        } else if (report instanceof WorkerReport.PrepareFailed failed) {
            return prepareFailed(failed.error());
        } else if (report instanceof WorkerReport.SplitsWanted wanted) {
            return assign(wanted);
        } else if (report instanceof WorkerReport.SplitFinished finished) {
            return finished(finished);
        } else if (report instanceof WorkerReport.TaskEnded ended) {
            return ended(ended);
        } else if (report instanceof WorkerReport.Committed) {
            return committed();
        } else if (report instanceof WorkerReport.CommitFailed failed) {
            return commitFailed(failed.error());
        }
        return released();
    }

    private List<WorkerCommand> prepared(WorkerReport.Prepared report) {
        if (prepareAnswered) {
            return List.of();
        }
        prepareAnswered = true;
        if (state == JobState.CANCELLING) {
            return release();
        }
        for (StageNode stage : plan.graph().stages()) {
            if (stage.role() == StageRole.SOURCE) {
                splits.put(stage.id(), new SplitQueue(report.splits().getOrDefault(stage.id(), List.of())));
            }
        }
        for (Chain chain : plan.chains()) {
            for (int i = 0; i < chain.parallelism().initial(); i++) {
                running.add(new TaskId(job(), chain.head(), i));
            }
        }
        become(JobState.RUNNING);
        return List.of(new WorkerCommand.Deploy(job(), List.copyOf(running)));
    }

    private List<WorkerCommand> prepareFailed(SolsticeError cause) {
        if (prepareAnswered) {
            return List.of();
        }
        prepareAnswered = true;
        return state == JobState.CANCELLING ? release() : fail(cause);
    }

    private List<WorkerCommand> assign(WorkerReport.SplitsWanted wanted) {
        SplitQueue queue = splits.get(wanted.source());
        if (queue == null || state != JobState.RUNNING || !running.contains(wanted.task())) {
            return List.of();
        }
        Split next = queue.next();
        List<Split> given = next == null ? List.of() : List.of(next);
        return List.of(new WorkerCommand.AssignSplits(wanted.task(), wanted.source(), given, queue.isEmpty()));
    }

    private List<WorkerCommand> finished(WorkerReport.SplitFinished report) {
        SplitQueue queue = splits.get(report.source());
        if (queue != null) {
            queue.finished(report.splitId());
        }
        return List.of();
    }

    private List<WorkerCommand> ended(WorkerReport.TaskEnded report) {
        if (!running.remove(report.task())) {
            return List.of();
        }
        if (report.outcome() instanceof TaskOutcome.Finished finished) {
            committables.addAll(finished.committables());
        } else if (state == JobState.RUNNING) {
            return fail(whyEnded(report));
        }
        if (!running.isEmpty()) {
            return List.of();
        }
        if (state == JobState.RUNNING) {
            become(JobState.COMMITTING);
            return List.of(new WorkerCommand.Commit(job(), List.copyOf(committables)));
        }
        return release();
    }

    /** A task that ends as if cancelled, though nobody cancelled it, must not pass for finished. */
    private static SolsticeError whyEnded(WorkerReport.TaskEnded report) {
        return report.outcome() instanceof TaskOutcome.Failed failed
                ? failed.error()
                : ErrorCode.INTERNAL.error("task " + report.task() + " ended without being told to");
    }

    private List<WorkerCommand> committed() {
        if (state != JobState.COMMITTING || releasing) {
            return List.of();
        }
        committables.clear();
        return release();
    }

    private List<WorkerCommand> commitFailed(SolsticeError cause) {
        return state == JobState.COMMITTING && !releasing ? fail(cause) : List.of();
    }

    private List<WorkerCommand> fail(SolsticeError cause) {
        error = cause;
        become(JobState.FAILING);
        return endTasks();
    }

    private List<WorkerCommand> endTasks() {
        return running.isEmpty() ? release() : List.of(new WorkerCommand.Cancel(job()));
    }

    private List<WorkerCommand> release() {
        if (releasing) {
            return List.of();
        }
        releasing = true;
        return List.of(new WorkerCommand.Release(job(), List.copyOf(committables)));
    }

    private List<WorkerCommand> released() {
        if (!releasing) {
            return List.of();
        }
        switch (state) {
            case COMMITTING -> become(JobState.FINISHED);
            case FAILING -> become(JobState.FAILED);
            case CANCELLING -> become(JobState.CANCELLED);
            default -> {
                // a repeated report of a job that has ended
            }
        }
        return List.of();
    }

    private void become(JobState next) {
        if (!state.mayBecome(next)) {
            throw ErrorCode.INTERNAL
                    .error("job '" + job() + "' cannot go from " + state + " to " + next)
                    .toException();
        }
        state = next;
    }
}
