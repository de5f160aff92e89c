package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.Renewal;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Leads one job through its life, which {@link JobState} draws, over as many generations as it takes. Each method takes
 * what has happened and returns what the workers shall do; nothing else happens here. Reports that come too late, or
 * twice, or from a worker that does not own the task, change nothing. What sinks seal becomes visible with the
 * {@link Checkpoints}, of which the end of a bounded job is the last one.
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
    private final Groundwork groundwork;
    private final Renewals renewals;
    private final Ending ending;
    private final Recovery recovery;
    private Generation generation;
    private Moment now = new Moment(0, 0);

    public JobCoordinator(RunId run, JobSpec spec, JobRules rules) {
        this.run = run;
        this.spec = spec;
        this.plan = ChainPlan.of(spec.graph());
        this.preparation = new Preparation(plan);
        this.course = new Course(run.job());
        this.generation = new Generation(run);
        this.restarts = new Restarts(rules.restarts());
        this.checkpoints = new Checkpoints(spec, rules, plan);
        this.steps = new CheckpointSteps(plan, checkpoints);
        this.groundwork = new Groundwork(plan, rules.term(), checkpoints, steps);
        this.renewals = new Renewals(plan, rules.term(), checkpoints);
        this.ending = new Ending(course, checkpoints, steps, preparation);
        this.recovery = new Recovery(plan, course, groundwork, restarts, renewals, checkpoints, steps, ending);
        if (!spec.restoreFrom().isEmpty()) {
            groundwork.load(spec.restoreFrom());
            course.waitFor(groundwork.inWords());
        }
    }

    /** Of a job of an earlier master: it goes on where it runs, begins again if it does not, or has ended. */
    public static JobCoordinator resumed(RunId run, JobSpec spec, JobRules rules, Move last, Standing standing) {
        JobCoordinator job = new JobCoordinator(run, spec, rules);
        if (last.state() != JobState.CREATED) {
            job.course.resume(last);
            job.generation = job.groundwork.resume(run, spec, standing, job.course, job.preparation, job.restarts);
        }
        return job;
    }

    /** Whether a worker that registers shall keep what it has of the current generation. */
    public boolean keeps(WorkerId worker) {
        Regain open = groundwork.regain();
        return open != null && open.lost() == null && open.awaits(worker);
    }

    /** As it was submitted; the same over restarts. */
    public RunId run() {
        return run;
    }

    public JobSpec spec() {
        return spec;
    }

    public ChainPlan plan() {
        return plan;
    }

    /** Where it runs now. */
    public Generation generation() {
        return generation;
    }

    public JobState state() {
        return course.state();
    }

    public JobSnapshot snapshot() {
        return new JobSnapshot(
                run,
                generation.run().generation(),
                course.state(),
                generation.tasks().count(),
                course.waitingFor(),
                generation.progress(),
                checkpoints.facts(),
                restarts.count(),
                restarts.cause(),
                course.error());
    }

    /** What was decided since this was last asked, and how those are answered who asked for checkpoints. */
    public Decisions takeDecisions() {
        return new Decisions(
                course.takeFacts(),
                course.takeMoves(),
                checkpoints.takeRequests(),
                checkpoints.tally().takeAnswers());
    }

    /** Says what keeps the job from starting. */
    public void waitFor(String what) {
        course.waitFor(what);
    }

    /** Whether it waits for a worker that prepares it. */
    public boolean wantsPreparation() {
        boolean restarted = course.is(JobState.RESTARTING) && !generation.isReleasing();
        return !groundwork.isOpen() && (course.is(JobState.CREATED) || restarted && !preparation.isDone());
    }

    /** Whether it may begin again as a new generation. */
    public boolean mayRestart(Moment at) {
        return course.is(JobState.RESTARTING) && generation.isReleased() && recovery.isDue(at);
    }

    /** It begins again where its newest checkpoint is. */
    public void restart(long number) {
        generation = new Generation(new RunId(run.job(), number));
        if (preparation.isDone()) {
            course.become(JobState.SCHEDULING);
        }
    }

    /** Tasks that are to begin again while the others go on; none when they have new places. */
    public Set<TaskId> displaced() {
        return course.is(JobState.RUNNING) && renewals.isOpen() && !renewals.arePlaced()
                ? renewals.touched()
                : Set.of();
    }

    /** Whether {@link #displaced} tasks can have new places now. */
    public boolean mayRenew(Moment at) {
        return course.is(JobState.RUNNING) && renewals.wantPlaces(generation) && recovery.isDue(at);
    }

    /** They begin again. @param where all tasks of the job are from now on */
    public List<Order> renew(Placement where) {
        course.note(new JobFact.Placed(generation.run().generation(), where, generation.secret()));
        course.waitFor("");
        return renewals.deploy(generation, where, spec, preparation, steps);
    }

    /** Those that go on leave no room for them: all begin again. */
    public List<Order> restartAll(SolsticeError why) {
        return recovery.again(generation, why);
    }

    public List<Order> prepareOn(WorkerId worker) {
        course.become(JobState.PREPARING);
        preparation.asked(worker);
        generation.holds(worker);
        return List.of(new Order(worker, new WorkerCommand.Prepare(generation.run(), spec)));
    }

    /** @param signing the secret that signs the tickets of the run's channels */
    public List<Order> deploy(Placement where, String signing) {
        course.become(JobState.DEPLOYING);
        generation.reads(plan, preparation.sources(checkpoints.canonical().manifest()));
        generation.place(plan, where, signing);
        course.note(new JobFact.Placed(generation.run().generation(), where, signing));
        WorkerCommand deploy = steps.deploy(generation, spec, preparation.inputs(), Renewal.WHOLE);
        checkpoints.begin();
        List<Order> orders = new ArrayList<>(proceed());
        orders.addAll(generation.toWorkers(deploy));
        return orders;
    }

    /** Asks for the end; a job that makes its last output visible, or is ending, goes on. */
    public List<Order> cancel() {
        return recovery.cancel(generation);
    }

    /** Ends the job with an error, unless it is ending already. */
    public List<Order> fail(SolsticeError cause) {
        return recovery.fail(generation, cause);
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
        groundwork.tick(at);
        if (groundwork.regain() != null) {
            return regained();
        }
        checkpoints.tick(at);
        List<Order> orders = new ArrayList<>();
        if (course.is(JobState.RUNNING)) {
            SolsticeError leaving = steps.readyToLeave();
            if (leaving != null) {
                return recovery.move(at, generation, leaving);
            }
            if (!renewals.isOpen()) {
                orders.addAll(steps.due(at, generation, records));
            }
        }
        orders.addAll(proceed());
        return orders;
    }

    /** It is to begin again on other workers, without trouble: it takes a checkpoint first. */
    public void leave(SolsticeError why) {
        steps.leave(why);
    }

    /** Somebody wants a checkpoint now; {@link #takeAnswers} answers. @param last the job is to end with it */
    public List<Order> checkpoint(Moment at, long request, boolean last) {
        now = at;
        JobState state = groundwork.regain() == null && !renewals.isOpen() ? course.state() : JobState.RESTARTING;
        return steps.asked(at, generation, state, request, last);
    }

    /** The store has answered. */
    public List<Order> stored(Moment at, StoreAnswer answer) {
        now = at;
        if (groundwork.regain() == null && !groundwork.concerns(answer)) {
            checkpoints.on(at, answer);
            return proceed();
        }
        SolsticeError unfit = groundwork.answered(at, answer, spec);
        course.waitFor(groundwork.inWords());
        return unfit == null ? regained() : fail(unfit);
    }

    public List<Order> on(Moment at, WorkerId from, WorkerReport report) {
        now = at;
        Regain open = groundwork.regain();
        if (open != null) {
            open.heard(from, report);
            course.waitFor(groundwork.inWords());
            return regained();
        }
        List<Order> orders = new ArrayList<>(report(from, report));
        orders.addAll(proceed());
        return orders;
    }

    /** Leads the job from here, once all is known: it runs since before this master. */
    private List<Order> regained() {
        Regain all = groundwork.regain();
        if (all == null || groundwork.isOpen() || !all.isDecided()) {
            return List.of();
        }
        groundwork.regained();
        course.waitFor("");
        if (all.lost() != null) {
            all.forEachEnded(generation.tasks()::end);
            return troubled(all.lost(), Set.of());
        }
        Manifest newest = checkpoints.canonical().manifest();
        generation.resumeReading(plan, preparation.sources(newest), all.accounts());
        List<Order> orders = new ArrayList<>(steps.resume(now, generation, all));
        all.said(newest).forEach(said -> orders.addAll(report(said.worker(), said.report())));
        orders.addAll(proceed());
        return orders;
    }

    private List<Order> report(WorkerId from, WorkerReport report) {
        if (report instanceof WorkerReport.Prepared || report instanceof WorkerReport.PrepareFailed) {
            return preparation.answered(from) ? prepared(report) : List.of();
        } else if (report instanceof WorkerReport.Deployed) {
            boolean last = generation.tasks().deployed(from);
            return last && course.isEnding() && generation.tasks().isEmpty() ? ending.release(generation) : List.of();
        } else if (report instanceof WorkerReport.DeployFailed failed) {
            return recovery.notDeployed(now, generation, from, failed.error());
        } else if (report instanceof WorkerReport.SplitsWanted wanted) {
            boolean works = course.is(JobState.RUNNING) && !renewals.isGivenUp(wanted.task());
            return works ? generation.assign(from, wanted) : List.of();
        } else if (report instanceof WorkerReport.SplitFinished finished) {
            generation.splitFinished(from, finished);
            return List.of();
        } else if (report instanceof WorkerReport.TaskEnded ended) {
            return ended(from, ended);
        } else if (report instanceof WorkerReport.CommitFailed failed) {
            // What may be visible is published once more when the job begins again, which changes nothing if it is.
            return checkpoints.publication().isBy(from, failed.epoch())
                    ? troubled(failed.error(), Set.of())
                    : List.of();
        } else if (report instanceof WorkerReport.Released) {
            return generation.released(from) ? ending.afterRelease(generation) : List.of();
        }
        steps.on(now, generation, from, report);
        return report instanceof WorkerReport.Kept kept ? ending.kept(generation, from, kept.account()) : List.of();
    }

    /** A worker is gone, with everything that it held. */
    public List<Order> workerLost(Moment at, WorkerId worker, SolsticeError why) {
        now = at;
        boolean wasPreparing = preparation.answered(worker);
        Set<TaskId> had = generation.lost(worker);
        checkpoints.publication().lost(worker);
        Regain open = groundwork.regain();
        if (open != null) {
            open.lost(why);
            return regained();
        }
        if (!had.isEmpty() && !course.is(JobState.RUNNING)) {
            recovery.explain(why);
        }
        if (generation.isReleasing()) {
            return ending.afterRelease(generation);
        }
        return had.isEmpty() && !wasPreparing ? proceed() : troubled(why, had);
    }

    private List<Order> prepared(WorkerReport report) {
        if (!course.is(JobState.PREPARING)) {
            return ending.endTasks(generation);
        }
        SolsticeError unfit = preparation.take(report, checkpoints.canonical().manifest(), course);
        return unfit == null ? List.of() : fail(unfit);
    }

    private List<Order> ended(WorkerId from, WorkerReport.TaskEnded report) {
        if (!generation.tasks().end(from, report.task())) {
            return List.of();
        }
        if (report.outcome() instanceof TaskOutcome.Finished finished) {
            checkpoints.cuts().ended(report.task(), finished.committables());
            return course.isEnding() && generation.tasks().isEmpty() ? ending.release(generation) : List.of();
        }
        // Tasks that took the last cut stay until they are let go, and end as cancelled ones then.
        boolean known = generation.isReleasing() || renewals.isGivenUp(report.task());
        return known ? List.of() : troubled(report.outcome().failure(report.task()), Set.of(report.task()));
    }

    /** Takes every step that has become possible. */
    private List<Order> proceed() {
        SolsticeError trouble = checkpoints.takeTrouble();
        if (trouble != null) {
            return troubled(trouble, Set.of());
        }
        if (course.is(JobState.RUNNING) && renewals.areDeployed(generation)) {
            return renewals.start(now, generation);
        }
        boolean working = course.is(JobState.RUNNING) || course.is(JobState.COMMITTING);
        boolean done = generation.tasks().isEmpty() && !renewals.isOpen() || checkpoints.isOver();
        if (course.is(JobState.RUNNING) && done) {
            course.become(JobState.COMMITTING);
        }
        if (working && checkpoints.isTaken()) {
            steps.store(generation);
        }
        if (course.is(JobState.COMMITTING) && checkpoints.isIdle()) {
            if (checkpoints.isOver()) {
                course.note(new JobFact.Over());
                return ending.release(generation);
            }
            steps.finish(now, generation);
        }
        if (checkpoints.publication().wantsWorker() && (working || course.is(JobState.DEPLOYING))) {
            List<Order> orders = steps.publish(generation, spec);
            return orders != null
                    ? orders
                    : troubled(
                            ErrorCode.WORKER_LOST.error("all workers that could publish the results were lost"),
                            Set.of());
        }
        if (course.is(JobState.DEPLOYING) && generation.tasks().isDeployed() && checkpoints.isPublished()) {
            course.become(JobState.RUNNING);
            checkpoints.interval().begin(now, checkpoints.canonical().manifest() != null);
            return generation.toWorkers(new WorkerCommand.Start(generation.run()));
        }
        return List.of();
    }

    private List<Order> troubled(SolsticeError cause, Set<TaskId> touched) {
        return recovery.troubled(now, generation, cause, touched);
    }
}
