package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSnapshot.SplitProgress;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Leads one run of a job through its life, which {@link JobState} draws. Each method takes what has happened and returns
 * what the workers shall do; nothing else happens here. Reports that come too late, or twice, or from a worker that
 * does not own the task, change nothing.
 *
 * <p>Commit is all or nothing at the level of the job: only when every task has finished are the committables of all
 * sinks committed; in every other case they are discarded.
 */
public final class JobCoordinator {
    private final RunId run;
    private final JobSpec spec;
    private final ChainPlan plan;
    private final RunTasks tasks = new RunTasks();
    private final Map<StageId, SplitQueue> splits = new HashMap<>();
    private final List<Committable> committables = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    /** Workers that may hold something of the run, and so must release it. */
    private final Set<WorkerId> holders = new TreeSet<>();

    private Map<StageId, String> inputs = Map.of();
    private JobState state = JobState.CREATED;
    private String waitingFor = "";
    /** The worker whose answer to Prepare is awaited; release must not overtake it. */
    private @Nullable WorkerId preparer;

    private @Nullable WorkerId committer;
    private @Nullable Placement placement;
    private @Nullable String secret;
    private boolean releasing;
    private @Nullable SolsticeError error;

    public JobCoordinator(RunId run, JobSpec spec) {
        this.run = run;
        this.spec = spec;
        this.plan = ChainPlan.of(spec.graph());
    }

    /** Of a run that ended under an earlier master; it only answers questions. */
    public static JobCoordinator ended(RunId run, JobSpec spec, Move last) {
        JobCoordinator ended = new JobCoordinator(run, spec);
        ended.state = last.state();
        ended.error = last.error();
        ended.releasing = true;
        return ended;
    }

    public RunId run() {
        return run;
    }

    public JobSpec spec() {
        return spec;
    }

    public ChainPlan plan() {
        return plan;
    }

    public JobState state() {
        return state;
    }

    /** Where the tasks were placed, or null before that. */
    public @Nullable Placement placement() {
        return placement;
    }

    /** Tasks that have not ended, with their workers. */
    public Map<TaskId, WorkerId> aliveTasks() {
        return Map.copyOf(tasks.alive());
    }

    /** What signs the tickets of the run; null before it was placed. */
    public @Nullable String secret() {
        return secret;
    }

    public JobSnapshot snapshot() {
        Map<StageId, SplitProgress> progress = new HashMap<>();
        splits.forEach((stage, queue) -> progress.put(stage, queue.progress()));
        return new JobSnapshot(run, state, tasks.count(), waitingFor, progress, error);
    }

    /** The steps taken since this was last asked. */
    public List<Move> takeMoves() {
        List<Move> taken = List.copyOf(moves);
        moves.clear();
        return taken;
    }

    /** Says what keeps the job from starting. */
    public void waitFor(String what) {
        waitingFor = what;
    }

    public List<Order> prepareOn(WorkerId worker) {
        become(JobState.PREPARING);
        preparer = worker;
        holders.add(worker);
        return List.of(new Order(worker, new WorkerCommand.Prepare(run, spec)));
    }

    /** @param signing the secret that signs the tickets of the run's channels */
    public List<Order> deploy(Placement where, String signing) {
        become(JobState.DEPLOYING);
        placement = where;
        secret = signing;
        Set<WorkerId> workers = tasks.place(plan, where);
        holders.addAll(workers);
        WorkerCommand deploy = new WorkerCommand.Deploy(run, spec, inputs, where, signing, RestorePoint.NONE);
        return workers.stream().map(worker -> new Order(worker, deploy)).toList();
    }

    /** Asks for the end; a job that is committing or ending goes on. */
    public List<Order> cancel() {
        if (!state.mayBecome(JobState.CANCELLING)) {
            return List.of();
        }
        become(JobState.CANCELLING);
        return endTasks();
    }

    /** Ends the job with an error, unless it is ending already. */
    public List<Order> fail(SolsticeError cause) {
        if (!state.mayBecome(JobState.FAILING)) {
            return List.of();
        }
        error = cause;
        become(JobState.FAILING);
        return endTasks();
    }

    public List<Order> on(WorkerId from, WorkerReport report) {
        if (report instanceof WorkerReport.Prepared prepared) {
            return prepared(from, prepared);
        } else if (report instanceof WorkerReport.PrepareFailed failed) {
            return prepareFailed(from, failed.error());
        } else if (report instanceof WorkerReport.Deployed) {
            return deployed(from);
        } else if (report instanceof WorkerReport.DeployFailed failed) {
            return tasks.endAll(from) ? afterTasks(failed.error()) : List.of();
        } else if (report instanceof WorkerReport.SplitsWanted wanted) {
            return assign(from, wanted);
        } else if (report instanceof WorkerReport.SplitFinished finished) {
            return finished(from, finished);
        } else if (report instanceof WorkerReport.TaskEnded ended) {
            return ended(from, ended);
        } else if (report instanceof WorkerReport.Committed) {
            return committed(from);
        } else if (report instanceof WorkerReport.CommitFailed failed) {
            return commitFailed(from, failed.error());
        }
        return released(from);
    }

    /** A worker is gone, with everything that it held. */
    public List<Order> workerLost(WorkerId worker, SolsticeError why) {
        boolean held = holders.remove(worker);
        boolean wasPreparing = worker.equals(preparer);
        boolean wasCommitting = worker.equals(committer) && state == JobState.COMMITTING && !releasing;
        boolean hadTasks = tasks.endAll(worker);
        if (wasPreparing) {
            preparer = null;
        }
        if (wasCommitting) {
            return fail(commitUnknown(why));
        }
        // Its peers often notice first, but only by the roads that broke: the loss of the worker is the cause.
        if (state == JobState.FAILING && hadTasks && error != null && error.code() == ErrorCode.EXCHANGE_LOST) {
            error = why;
        }
        if (releasing) {
            return held ? afterRelease() : List.of();
        }
        return hadTasks || wasPreparing ? afterTasks(why) : List.of();
    }

    private static SolsticeError commitUnknown(SolsticeError why) {
        return ErrorCode.COMMIT_FAILED
                .error("the worker that published the results was lost, so it is not known whether they are visible")
                .cause(why.what())
                .help("look at the target before the job is run again");
    }

    private List<Order> prepared(WorkerId from, WorkerReport.Prepared report) {
        if (!from.equals(preparer)) {
            return List.of();
        }
        preparer = null;
        if (state != JobState.PREPARING) {
            return endTasks();
        }
        inputs = report.inputs();
        for (StageNode stage : plan.graph().stages()) {
            if (stage.role() == StageRole.SOURCE) {
                splits.put(stage.id(), new SplitQueue(report.splits().getOrDefault(stage.id(), List.of())));
            }
        }
        become(JobState.SCHEDULING);
        return List.of();
    }

    private List<Order> prepareFailed(WorkerId from, SolsticeError cause) {
        if (!from.equals(preparer)) {
            return List.of();
        }
        preparer = null;
        return state == JobState.PREPARING ? fail(cause) : endTasks();
    }

    private List<Order> deployed(WorkerId from) {
        if (!tasks.deployed(from)) {
            return List.of();
        }
        if (state != JobState.DEPLOYING) {
            return tasks.isEmpty() ? release() : List.of();
        }
        become(JobState.RUNNING);
        return tasks.workers().stream()
                .map(worker -> new Order(worker, new WorkerCommand.Start(run)))
                .toList();
    }

    private List<Order> assign(WorkerId from, WorkerReport.SplitsWanted wanted) {
        SplitQueue queue = splits.get(wanted.source());
        if (queue == null || state != JobState.RUNNING || !tasks.owns(from, wanted.task())) {
            return List.of();
        }
        SplitQueue.Answer answer = queue.answer(wanted.task(), wanted.number());
        if (answer == null) {
            return List.of();
        }
        WorkerCommand assign = new WorkerCommand.AssignSplits(
                run, wanted.task(), wanted.source(), wanted.number(), answer.starts(), answer.last());
        return List.of(new Order(from, assign));
    }

    private List<Order> finished(WorkerId from, WorkerReport.SplitFinished report) {
        SplitQueue queue = splits.get(report.source());
        if (queue != null && tasks.owns(from, report.task())) {
            queue.finished(report.splitId());
        }
        return List.of();
    }

    private List<Order> ended(WorkerId from, WorkerReport.TaskEnded report) {
        if (!tasks.end(from, report.task())) {
            return List.of();
        }
        if (report.outcome() instanceof TaskOutcome.Finished finished) {
            committables.addAll(finished.committables());
            return tasks.isEmpty() ? allEnded() : List.of();
        }
        return afterTasks(whyEnded(report));
    }

    /** A task that ends as if cancelled, though nobody cancelled it, must not pass for finished. */
    private static SolsticeError whyEnded(WorkerReport.TaskEnded report) {
        return report.outcome() instanceof TaskOutcome.Failed failed
                ? failed.error()
                : ErrorCode.INTERNAL.error("task " + report.task() + " ended without being told to");
    }

    private List<Order> allEnded() {
        if (state != JobState.RUNNING) {
            return release();
        }
        WorkerId chosen = holders.iterator().next();
        committer = chosen;
        become(JobState.COMMITTING);
        return List.of(new Order(chosen, new WorkerCommand.Commit(run, spec, lastPoint(), committables)));
    }

    private CommitPoint lastPoint() {
        int distinguisher = spec.requestId().hashCode();
        return new CommitPoint(CheckpointId.of(run.generation() * 1000, distinguisher), 1, CommitPoint.Kind.LAST);
    }

    /** Some tasks, or the preparation, have ended otherwise than they should. */
    private List<Order> afterTasks(SolsticeError cause) {
        if (state == JobState.PREPARING || state == JobState.DEPLOYING || state == JobState.RUNNING) {
            return fail(cause);
        }
        return tasks.isEmpty() && preparer == null ? release() : List.of();
    }

    private List<Order> committed(WorkerId from) {
        if (state != JobState.COMMITTING || releasing || !from.equals(committer)) {
            return List.of();
        }
        committables.clear();
        return release();
    }

    private List<Order> commitFailed(WorkerId from, SolsticeError cause) {
        return state == JobState.COMMITTING && !releasing && from.equals(committer) ? fail(cause) : List.of();
    }

    private List<Order> endTasks() {
        if (preparer != null) {
            return List.of(new Order(preparer, new WorkerCommand.Cancel(run)));
        }
        if (tasks.isEmpty()) {
            return release();
        }
        return holders.stream()
                .map(worker -> new Order(worker, new WorkerCommand.Cancel(run)))
                .toList();
    }

    private List<Order> release() {
        if (releasing) {
            return List.of();
        }
        releasing = true;
        if (holders.isEmpty()) {
            return afterRelease();
        }
        // One worker throws away what was sealed, since sinks publish and discard as a whole.
        WorkerId discarding = committer != null && holders.contains(committer)
                ? committer
                : holders.iterator().next();
        List<Order> orders = new ArrayList<>();
        for (WorkerId worker : holders) {
            List<Committable> discarded = worker.equals(discarding) ? committables : List.of();
            orders.add(new Order(worker, new WorkerCommand.Release(run, discarded)));
        }
        return orders;
    }

    private List<Order> released(WorkerId from) {
        return releasing && holders.remove(from) ? afterRelease() : List.of();
    }

    private List<Order> afterRelease() {
        if (!holders.isEmpty()) {
            return List.of();
        }
        switch (state) {
            case COMMITTING -> become(JobState.FINISHED);
            case FAILING -> become(JobState.FAILED);
            case CANCELLING -> become(JobState.CANCELLED);
            default -> throw defect("was released while " + state);
        }
        return List.of();
    }

    private void become(JobState next) {
        if (!state.mayBecome(next)) {
            throw defect("cannot go from " + state + " to " + next);
        }
        state = next;
        waitingFor = "";
        moves.add(new Move(next, error, next == JobState.COMMITTING ? committables : List.of()));
    }

    private RuntimeException defect(String what) {
        JobId job = run.job();
        return ErrorCode.INTERNAL.error("job '" + job + "' " + what).toException();
    }
}
