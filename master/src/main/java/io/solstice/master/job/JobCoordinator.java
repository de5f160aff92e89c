package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.RunId;
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
    private final CheckpointSteps steps;
    private final Restarts restarts;
    private final Preparation preparation;
    private final Course course;
    private Generation generation;
    /** The checkpoint to begin with has not been found yet. */
    private boolean loading;

    private Moment now = new Moment(0, 0);

    public JobCoordinator(RunId run, JobSpec spec, JobRules rules) {
        this.run = run;
        this.spec = spec;
        this.plan = ChainPlan.of(spec.graph());
        this.preparation = new Preparation(plan);
        this.course = new Course(run.job());
        this.generation = new Generation(run);
        this.restarts = new Restarts(rules.restarts());
        this.checkpoints = new Checkpoints(spec, rules, task -> RunTasks.writes(plan, task));
        this.steps = new CheckpointSteps(plan, checkpoints);
        if (!spec.restoreFrom().isEmpty()) {
            loading = true;
            course.waitFor("the checkpoint that it begins with");
            checkpoints.load(spec.restoreFrom());
        }
    }

    /** Of a job that ended under an earlier master; it only answers questions. */
    public static JobCoordinator ended(RunId run, JobSpec spec, JobRules rules, Move last) {
        JobCoordinator ended = new JobCoordinator(run, spec, rules);
        ended.checkpoints.takeRequests();
        ended.course.ended(last);
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
        return course.state();
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
                course.state(),
                generation.tasks().count(),
                course.waitingFor(),
                generation.progress(),
                checkpoints.facts(),
                restarts.count(),
                restarts.cause(),
                course.error());
    }

    /** The steps taken since this was last asked. */
    public List<Move> takeMoves() {
        return course.takeMoves();
    }

    /** What is wanted from the store since this was last asked. */
    public List<StoreRequest> takeRequests() {
        return checkpoints.takeRequests();
    }

    /** Answers to those who asked for checkpoints. */
    public List<Answer> takeAnswers() {
        return checkpoints.tally().takeAnswers();
    }

    /** Says what keeps the job from starting. */
    public void waitFor(String what) {
        course.waitFor(what);
    }

    /** Whether it waits for a worker that prepares it. */
    public boolean wantsPreparation() {
        boolean restarted = course.is(JobState.RESTARTING) && !generation.isReleasing();
        return course.is(JobState.CREATED) && !loading || restarted && !preparation.isDone();
    }

    /** Whether it may begin again as a new generation. */
    public boolean mayRestart(Moment at) {
        return course.is(JobState.RESTARTING)
                && generation.isReleasing()
                && generation.isReleased()
                && !checkpoints.isStoring()
                && restarts.isDue(at);
    }

    /** It begins again where its newest checkpoint is. */
    public void restart(long number) {
        generation = new Generation(new RunId(run.job(), number));
        if (preparation.isDone()) {
            course.become(JobState.SCHEDULING);
        }
    }

    public List<Order> prepareOn(WorkerId worker) {
        course.become(JobState.PREPARING);
        preparation.asked(worker);
        generation.holds(worker);
        return List.of(new Order(worker, new WorkerCommand.Prepare(current(), spec)));
    }

    /** @param signing the secret that signs the tickets of the run's channels */
    public List<Order> deploy(Placement where, String signing) {
        course.become(JobState.DEPLOYING);
        Manifest base = checkpoints.newest();
        generation.reads(preparation.sources(base));
        RestorePoint restore = base == null ? RestorePoint.NONE : new GraphChange(base, plan).restorePoint();
        generation.place(plan, where, signing);
        WorkerCommand deploy = new WorkerCommand.Deploy(current(), spec, preparation.inputs(), where, signing, restore);
        checkpoints.begin();
        List<Order> orders = new ArrayList<>(proceed());
        orders.addAll(generation.toWorkers(deploy));
        return orders;
    }

    /** Asks for the end; a job that makes its last output visible, or is ending, goes on. */
    public List<Order> cancel() {
        if (!course.mayBecome(JobState.CANCELLING)) {
            return List.of();
        }
        course.become(JobState.CANCELLING);
        return endTasks();
    }

    /** Ends the job with an error, unless it is ending already. */
    public List<Order> fail(SolsticeError cause) {
        if (!course.mayBecome(JobState.FAILING)) {
            return List.of();
        }
        course.fail(cause);
        return endTasks();
    }

    /**
     * Time has passed.
     *
     * @param records that the sources of this generation have read
     */
    public List<Order> tick(Moment at, long records) {
        now = at;
        if (course.isEnding()) {
            return List.of();
        }
        checkpoints.tick(at);
        List<Order> orders = new ArrayList<>();
        if (course.is(JobState.RUNNING)) {
            orders.addAll(steps.due(at, generation, records));
        }
        orders.addAll(proceed());
        return orders;
    }

    /** Somebody wants a checkpoint now; {@link #takeAnswers} answers. @param last the job is to end with it */
    public List<Order> checkpoint(Moment at, long request, boolean last) {
        now = at;
        return steps.asked(at, generation, course.state(), request, last);
    }

    /** The store has answered. */
    public List<Order> stored(Moment at, StoreAnswer answer) {
        now = at;
        if (answer instanceof StoreAnswer.Loaded || answer instanceof StoreAnswer.NotLoaded) {
            loading = false;
            course.waitFor("");
            SolsticeError unfit = steps.beginWith(answer, spec);
            return unfit == null ? List.of() : fail(unfit);
        }
        checkpoints.on(at, answer);
        return proceed();
    }

    public List<Order> on(Moment at, WorkerId from, WorkerReport report) {
        now = at;
        List<Order> orders = new ArrayList<>(report(from, report));
        orders.addAll(proceed());
        return orders;
    }

    private List<Order> report(WorkerId from, WorkerReport report) {
        if (report instanceof WorkerReport.Prepared || report instanceof WorkerReport.PrepareFailed) {
            return preparation.answered(from) ? prepared(report) : List.of();
        } else if (report instanceof WorkerReport.Deployed) {
            boolean last = generation.tasks().deployed(from);
            return last && course.isEnding() && generation.tasks().isEmpty() ? release() : List.of();
        } else if (report instanceof WorkerReport.DeployFailed failed) {
            return generation.tasks().endAll(from) ? troubled(failed.error()) : List.of();
        } else if (report instanceof WorkerReport.SplitsWanted wanted) {
            return course.is(JobState.RUNNING) ? generation.assign(from, wanted) : List.of();
        } else if (report instanceof WorkerReport.SplitFinished finished) {
            generation.splitFinished(from, finished);
            return List.of();
        } else if (report instanceof WorkerReport.TaskEnded ended) {
            return ended(from, ended);
        } else if (report instanceof WorkerReport.CommitFailed failed) {
            return checkpoints.isPublishedBy(from, failed.epoch()) ? fail(failed.error()) : List.of();
        } else if (report instanceof WorkerReport.Released) {
            return generation.released(from) ? afterRelease() : List.of();
        }
        steps.on(now, generation, from, report);
        return List.of();
    }

    /** A worker is gone, with everything that it held. */
    public List<Order> workerLost(Moment at, WorkerId worker, SolsticeError why) {
        now = at;
        boolean wasPreparing = preparation.answered(worker);
        boolean hadTasks = generation.lost(worker);
        checkpoints.lost(worker);
        // Its peers often notice first, but only by the roads that broke: the loss of the worker is the cause.
        if (course.is(JobState.RESTARTING) && hadTasks) {
            restarts.explain(why);
        } else if (course.is(JobState.FAILING) && hadTasks && course.ending().code() == ErrorCode.EXCHANGE_LOST) {
            course.explain(why);
        }
        if (generation.isReleasing()) {
            return afterRelease();
        }
        return hadTasks || wasPreparing ? troubled(why) : proceed();
    }

    private List<Order> prepared(WorkerReport report) {
        if (!course.is(JobState.PREPARING)) {
            return endTasks();
        } else if (report instanceof WorkerReport.Prepared answer) {
            preparation.done(answer);
            course.become(JobState.SCHEDULING);
            return List.of();
        }
        return fail(((WorkerReport.PrepareFailed) report).error());
    }

    private List<Order> ended(WorkerId from, WorkerReport.TaskEnded report) {
        if (!generation.tasks().end(from, report.task())) {
            return List.of();
        }
        if (report.outcome() instanceof TaskOutcome.Finished finished) {
            checkpoints.cuts().ended(report.task(), finished.committables());
            return course.isEnding() && generation.tasks().isEmpty() ? release() : List.of();
        }
        // Tasks that took the last cut stay until they are let go, and end as cancelled ones then.
        return generation.isReleasing() ? List.of() : troubled(report.outcome().failure(report.task()));
    }

    /** Takes every step that has become possible. */
    private List<Order> proceed() {
        SolsticeError trouble = checkpoints.takeTrouble();
        if (trouble != null) {
            return troubled(trouble);
        }
        boolean working = course.is(JobState.RUNNING) || course.is(JobState.COMMITTING);
        boolean done = generation.tasks().isEmpty() || checkpoints.isOver();
        if (course.is(JobState.RUNNING) && done) {
            course.become(JobState.COMMITTING);
        }
        if (working && checkpoints.isTaken()) {
            steps.store(generation);
        }
        if (course.is(JobState.COMMITTING) && checkpoints.isIdle()) {
            if (checkpoints.isOver()) {
                return release();
            }
            steps.finish(now, generation);
        }
        if (checkpoints.wantsPublisher() && (working || course.is(JobState.DEPLOYING))) {
            return publish();
        }
        if (course.is(JobState.DEPLOYING) && generation.tasks().isDeployed() && checkpoints.isPublished()) {
            course.become(JobState.RUNNING);
            checkpoints.running(now);
            return generation.toWorkers(new WorkerCommand.Start(current()));
        }
        return List.of();
    }

    private List<Order> publish() {
        WorkerId worker = generation.anyHolder();
        return worker != null
                ? checkpoints.publishOn(worker, current())
                : troubled(ErrorCode.WORKER_LOST.error("all workers that could publish the results were lost"));
    }

    /** Something has gone wrong that may pass, or not. */
    private List<Order> troubled(SolsticeError cause) {
        if (!course.mayBecome(JobState.RESTARTING)) {
            return course.isEnding() && generation.tasks().isEmpty() && !preparation.isUnderWay()
                    ? release()
                    : List.of();
        }
        SolsticeError refusal = restarts.refusal(now, plan.graph(), cause);
        if (refusal != null) {
            return fail(refusal);
        }
        restarts.begin(now, current(), cause, checkpoints.facts().completed());
        course.become(JobState.RESTARTING);
        List<Committable> vain = checkpoints.interrupted(cause);
        return generation.release(vain);
    }

    private List<Order> endTasks() {
        WorkerId preparer = preparation.worker();
        if (preparer != null) {
            return List.of(new Order(preparer, new WorkerCommand.Cancel(run)));
        }
        if (generation.tasks().isEmpty() || generation.isReleasing()) {
            return release();
        }
        return generation.toHolders(new WorkerCommand.Cancel(current()));
    }

    private List<Order> release() {
        List<Order> orders = new ArrayList<>(generation.release(checkpoints.interrupted(course.ending())));
        orders.addAll(afterRelease());
        return orders;
    }

    private List<Order> afterRelease() {
        if (generation.isReleased()) {
            switch (course.state()) {
                case COMMITTING -> course.become(JobState.FINISHED);
                case FAILING -> course.become(JobState.FAILED);
                case CANCELLING -> course.become(JobState.CANCELLED);
                default -> {}
            }
        }
        if (course.state().isTerminal()) {
            steps.ended(course.ending());
        }
        return List.of();
    }
}
