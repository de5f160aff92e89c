package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSnapshot;
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
import org.jspecify.annotations.Nullable;

/**
 * Leads one job through its life, which {@link JobState} draws, over as many generations as it takes. Each method takes
 * what has happened and returns what the workers shall do; nothing else happens here. Reports that come too late, or
 * twice, or from a worker that does not own the task, change nothing.
 *
 * <p>What sinks seal becomes visible with the {@link Checkpoints}, of which the end of a bounded job is the last one.
 */
public final class JobCoordinator {
    private final RunId run;
    private final JobSpec spec;
    private final ChainPlan plan;
    private final Checkpoints checkpoints;
    private final Restarts restarts;
    private final List<StoreRequest> requests = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    /** What a run without any checkpoint reads, for each source; the listing of a later look would be another one. */
    private final Map<StageId, SourcePlan> listed = new HashMap<>();

    private Generation generation;
    private Map<StageId, String> inputs = Map.of();
    private boolean prepared;
    private JobState state = JobState.CREATED;
    private String waitingFor = "";
    /** The worker whose answer to Prepare is awaited; release must not overtake it. */
    private @Nullable WorkerId preparer;

    /** The checkpoint to begin with has not been found yet. */
    private boolean loading;

    private @Nullable SolsticeError error;
    private Moment now = new Moment(0, 0);

    public JobCoordinator(RunId run, JobSpec spec, JobRules rules) {
        this.run = run;
        this.spec = spec;
        this.plan = ChainPlan.of(spec.graph());
        this.generation = new Generation(run);
        this.restarts = new Restarts(rules.restarts());
        this.checkpoints = new Checkpoints(spec, rules, this::writes);
        if (!spec.restoreFrom().isEmpty()) {
            loading = true;
            waitingFor = "the checkpoint that it begins with";
            requests.add(new StoreRequest.Load(spec.restoreFrom()));
        }
    }

    private boolean writes(TaskId task) {
        return plan.graph().stage(plan.chainOf(task.stage()).tail()).role() == StageRole.SINK;
    }

    /** Of a job that ended under an earlier master; it only answers questions. */
    public static JobCoordinator ended(RunId run, JobSpec spec, JobRules rules, Move last) {
        JobCoordinator ended = new JobCoordinator(run, spec, rules);
        ended.requests.clear();
        ended.waitingFor = "";
        ended.state = last.state();
        ended.error = last.error();
        return ended;
    }

    /** As it was submitted; the same over restarts. */
    public RunId run() {
        return run;
    }

    /** What its workers know now. */
    public RunId current() {
        return generation.run();
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
        return generation.placement();
    }

    /** Tasks that have not ended, with their workers. */
    public Map<TaskId, WorkerId> aliveTasks() {
        return Map.copyOf(generation.tasks().alive());
    }

    /** What signs the tickets of the run; null before it was placed. */
    public @Nullable String secret() {
        return generation.secret();
    }

    public JobSnapshot snapshot() {
        return new JobSnapshot(
                run,
                current().generation(),
                state,
                generation.tasks().count(),
                waitingFor,
                generation.progress(),
                checkpoints.facts(),
                restarts.count(),
                restarts.cause(),
                error);
    }

    /** The steps taken since this was last asked. */
    public List<Move> takeMoves() {
        List<Move> taken = List.copyOf(moves);
        moves.clear();
        return taken;
    }

    /** What is wanted from the store since this was last asked. */
    public List<StoreRequest> takeRequests() {
        requests.addAll(checkpoints.takeRequests());
        List<StoreRequest> taken = List.copyOf(requests);
        requests.clear();
        return taken;
    }

    /** Answers to those who asked for checkpoints. */
    public List<Answer> takeAnswers() {
        return checkpoints.tally().takeAnswers();
    }

    /** Says what keeps the job from starting. */
    public void waitFor(String what) {
        waitingFor = what;
    }

    /** Whether it waits for a worker that prepares it. */
    public boolean wantsPreparation() {
        return state == JobState.CREATED && !loading || state == JobState.RESTARTING && !prepared && !isEndingOld();
    }

    /** Whether it may begin again as a new generation. */
    public boolean mayRestart(Moment at) {
        return state == JobState.RESTARTING
                && isEndingOld()
                && generation.isReleased()
                && !checkpoints.isStoring()
                && restarts.isDue(at);
    }

    private boolean isEndingOld() {
        return generation.isReleasing();
    }

    /** It begins again where its newest checkpoint is. */
    public void restart(long number) {
        generation = new Generation(new RunId(run.job(), number));
        if (prepared) {
            become(JobState.SCHEDULING);
        }
    }

    public List<Order> prepareOn(WorkerId worker) {
        become(JobState.PREPARING);
        preparer = worker;
        generation.holds(worker);
        return List.of(new Order(worker, new WorkerCommand.Prepare(current(), spec)));
    }

    /** @param signing the secret that signs the tickets of the run's channels */
    public List<Order> deploy(Placement where, String signing) {
        become(JobState.DEPLOYING);
        Manifest base = checkpoints.newest();
        List<SourcePlan> sources = new ArrayList<>();
        listed.forEach((stage, plain) -> {
            SourcePlan left = base == null ? null : base.source(stage);
            sources.add(left == null ? plain : left);
        });
        generation.reads(sources);
        RestorePoint restore = base == null ? RestorePoint.NONE : new GraphChange(base, plan).restorePoint();
        generation.place(plan, where, signing);
        WorkerCommand deploy = new WorkerCommand.Deploy(current(), spec, inputs, where, signing, restore);
        checkpoints.begin();
        List<Order> orders = new ArrayList<>(proceed());
        orders.addAll(generation.toWorkers(deploy));
        return orders;
    }

    /** Asks for the end; a job that makes its last output visible, or is ending, goes on. */
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

    /**
     * Time has passed.
     *
     * @param records that the sources of this generation have read
     */
    public List<Order> tick(Moment at, long records) {
        now = at;
        if (isEnding()) {
            return List.of();
        }
        checkpoints.tick(at);
        List<Order> orders = new ArrayList<>();
        if (state == JobState.RUNNING && checkpoints.isDue(at, records)) {
            orders.addAll(checkpoint(false));
        }
        orders.addAll(proceed());
        return orders;
    }

    /** Somebody wants a checkpoint now; {@link #takeAnswers} answers. @param last the job is to end with it */
    public List<Order> checkpoint(Moment at, long request, boolean last) {
        now = at;
        if (state != JobState.RUNNING || !checkpoints.isIdle()) {
            String why = state != JobState.RUNNING ? "it is " + state : "one is in progress";
            SolsticeError refused = ErrorCode.JOB_STATE
                    .error("job '" + run.job() + "' cannot take a checkpoint now")
                    .cause(why)
                    .help("try again in a moment");
            checkpoints.tally().refuse(request, refused);
            return List.of();
        }
        checkpoints.tally().asks(request);
        return checkpoint(last);
    }

    private List<Order> checkpoint(boolean last) {
        long epoch = checkpoints.open(now, current(), generation.tasks().alive().keySet(), last);
        return generation.toWorkers(new WorkerCommand.Checkpoint(current(), epoch, last));
    }

    /** The store has answered. */
    public List<Order> stored(Moment at, StoreAnswer answer) {
        now = at;
        if (answer instanceof StoreAnswer.Loaded loaded) {
            return loaded(loaded);
        } else if (answer instanceof StoreAnswer.NotLoaded not) {
            loading = false;
            return fail(not.error());
        }
        checkpoints.on(at, answer);
        return proceed();
    }

    private List<Order> loaded(StoreAnswer.Loaded loaded) {
        loading = false;
        waitingFor = "";
        SolsticeError unfit = new GraphChange(loaded.manifest(), plan).refusal(loaded.published());
        if (unfit != null) {
            return fail(unfit);
        }
        checkpoints.restored(loaded);
        return List.of();
    }

    public List<Order> on(Moment at, WorkerId from, WorkerReport report) {
        now = at;
        List<Order> orders = new ArrayList<>(report(from, report));
        orders.addAll(proceed());
        return orders;
    }

    private List<Order> report(WorkerId from, WorkerReport report) {
        if (report instanceof WorkerReport.Prepared answer) {
            return prepared(from, answer);
        } else if (report instanceof WorkerReport.PrepareFailed failed) {
            return prepareFailed(from, failed.error());
        } else if (report instanceof WorkerReport.Deployed) {
            boolean last = generation.tasks().deployed(from);
            return last && isEnding() && generation.tasks().isEmpty() ? release() : List.of();
        } else if (report instanceof WorkerReport.DeployFailed failed) {
            return generation.tasks().endAll(from) ? troubled(failed.error()) : List.of();
        } else if (report instanceof WorkerReport.SplitsWanted wanted) {
            return state == JobState.RUNNING ? generation.assign(from, wanted) : List.of();
        } else if (report instanceof WorkerReport.SplitFinished finished) {
            generation.splitFinished(from, finished);
            return List.of();
        } else if (report instanceof WorkerReport.SnapshotTaken taken) {
            snapshotTaken(from, taken);
            return List.of();
        } else if (report instanceof WorkerReport.SnapshotFailed failed) {
            if (generation.tasks().owns(from, failed.task())) {
                checkpoints.failed(failed);
            }
            return List.of();
        } else if (report instanceof WorkerReport.TaskEnded ended) {
            return ended(from, ended);
        } else if (report instanceof WorkerReport.Committed committed) {
            if (checkpoints.isPublishedBy(from, committed.epoch())) {
                checkpoints.published(now);
            }
            return List.of();
        } else if (report instanceof WorkerReport.CommitFailed failed) {
            return checkpoints.isPublishedBy(from, failed.epoch()) ? fail(failed.error()) : List.of();
        }
        return generation.released(from) ? afterRelease() : List.of();
    }

    private void snapshotTaken(WorkerId from, WorkerReport.SnapshotTaken report) {
        if (!generation.tasks().owns(from, report.snapshot().task())) {
            return;
        }
        if (generation.isPossible(report.snapshot())) {
            checkpoints.cuts().taken(report.epoch(), report.snapshot());
        } else {
            SolsticeError impossible = ErrorCode.INTERNAL.error(
                    "a task cannot be at " + report.snapshot().positions());
            checkpoints.failed(new WorkerReport.SnapshotFailed(
                    report.run(),
                    report.epoch(),
                    report.snapshot().task(),
                    report.snapshot().committables(),
                    impossible));
        }
    }

    /** A worker is gone, with everything that it held. */
    public List<Order> workerLost(Moment at, WorkerId worker, SolsticeError why) {
        now = at;
        boolean wasPreparing = worker.equals(preparer);
        boolean hadTasks = generation.lost(worker);
        checkpoints.lost(worker);
        if (wasPreparing) {
            preparer = null;
        }
        // Its peers often notice first, but only by the roads that broke: the loss of the worker is the cause.
        if (state == JobState.RESTARTING && hadTasks) {
            restarts.explain(why);
        } else if (state == JobState.FAILING && hadTasks && error != null && error.code() == ErrorCode.EXCHANGE_LOST) {
            error = why;
        }
        if (generation.isReleasing()) {
            return afterRelease();
        }
        return hadTasks || wasPreparing ? troubled(why) : proceed();
    }

    private List<Order> prepared(WorkerId from, WorkerReport.Prepared report) {
        if (!from.equals(preparer)) {
            return List.of();
        }
        preparer = null;
        if (state != JobState.PREPARING) {
            return endTasks();
        }
        prepared = true;
        inputs = report.inputs();
        for (StageNode stage : plan.graph().stages()) {
            if (stage.role() == StageRole.SOURCE) {
                listed.put(
                        stage.id(),
                        SourcePlan.untouched(
                                stage.id(), report.splits().getOrDefault(stage.id(), List.of())));
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

    private List<Order> ended(WorkerId from, WorkerReport.TaskEnded report) {
        if (!generation.tasks().end(from, report.task())) {
            return List.of();
        }
        if (report.outcome() instanceof TaskOutcome.Finished finished) {
            checkpoints.cuts().ended(report.task(), finished.committables());
            return isEnding() && generation.tasks().isEmpty() ? release() : List.of();
        }
        return troubled(whyEnded(report));
    }

    /** A task that ends as if cancelled, though nobody cancelled it, must not pass for finished. */
    private static SolsticeError whyEnded(WorkerReport.TaskEnded report) {
        return report.outcome() instanceof TaskOutcome.Failed failed
                ? failed.error()
                : ErrorCode.INTERNAL.error("task " + report.task() + " ended without being told to");
    }

    /** Takes every step that has become possible. */
    private List<Order> proceed() {
        SolsticeError trouble = checkpoints.takeTrouble();
        if (trouble != null) {
            return troubled(trouble);
        }
        boolean working = state == JobState.RUNNING || state == JobState.COMMITTING;
        if (state == JobState.RUNNING && generation.tasks().isEmpty()) {
            become(JobState.COMMITTING);
        }
        if (working && checkpoints.isTaken()) {
            store();
        }
        if (state == JobState.COMMITTING && checkpoints.isIdle()) {
            if (checkpoints.isOver()) {
                return release();
            }
            finish();
        }
        if (checkpoints.wantsPublisher() && (working || state == JobState.DEPLOYING)) {
            return publish();
        }
        if (state == JobState.DEPLOYING && generation.tasks().isDeployed() && checkpoints.isPublished()) {
            become(JobState.RUNNING);
            checkpoints.running(now);
            return generation.toWorkers(new WorkerCommand.Start(current()));
        }
        return List.of();
    }

    private void store() {
        Attempt cut = checkpoints.cuts().attempt();
        if (cut != null) {
            checkpoints.store(current(), generation.remaining(cut), RunTasks.of(plan));
        }
    }

    /** All tasks have ended well, and all earlier checkpoints are done: the last one. */
    private void finish() {
        if (checkpoints.hasHistory()) {
            checkpoints.open(now, current(), List.of(), true);
            store();
        } else {
            checkpoints.finishWithout(now, current());
        }
    }

    private List<Order> publish() {
        WorkerId worker = generation.anyHolder();
        return worker != null
                ? checkpoints.publishOn(worker, current())
                : troubled(ErrorCode.WORKER_LOST.error("all workers that could publish the results were lost"));
    }

    /** Something has gone wrong that may pass, or not. */
    private List<Order> troubled(SolsticeError cause) {
        if (!state.mayBecome(JobState.RESTARTING)) {
            return isEnding() && generation.tasks().isEmpty() && preparer == null ? release() : List.of();
        }
        SolsticeError refusal = restarts.refusal(now, plan.graph(), cause);
        if (refusal != null) {
            return fail(refusal);
        }
        restarts.begin(now, current(), cause);
        become(JobState.RESTARTING);
        List<Committable> vain = checkpoints.interrupted(cause);
        return generation.release(vain);
    }

    private boolean isEnding() {
        return state == JobState.FAILING || state == JobState.CANCELLING || state.isTerminal();
    }

    private List<Order> endTasks() {
        if (preparer != null) {
            return List.of();
        }
        if (generation.tasks().isEmpty() || generation.isReleasing()) {
            return release();
        }
        return generation.toHolders(new WorkerCommand.Cancel(current()));
    }

    private List<Order> release() {
        List<Order> orders = new ArrayList<>(generation.release(checkpoints.interrupted(ending())));
        orders.addAll(afterRelease());
        return orders;
    }

    private SolsticeError ending() {
        return error != null ? error : ErrorCode.JOB_STATE.error("the job ended");
    }

    private List<Order> afterRelease() {
        if (generation.isReleased()) {
            switch (state) {
                case COMMITTING -> become(JobState.FINISHED);
                case FAILING -> become(JobState.FAILED);
                case CANCELLING -> become(JobState.CANCELLED);
                default -> {}
            }
        }
        if (state.isTerminal()) {
            checkpoints.tally().ended(ending());
        }
        return List.of();
    }

    private void become(JobState next) {
        if (!state.mayBecome(next)) {
            throw ErrorCode.INTERNAL
                    .error("job '" + run.job() + "' cannot go from " + state + " to " + next)
                    .toException();
        }
        state = next;
        waitingFor = "";
        moves.add(new Move(next, error));
    }
}
