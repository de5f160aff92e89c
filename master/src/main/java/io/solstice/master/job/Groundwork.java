package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known before a job is led: the checkpoint that it begins with, and, if another master led it until now
 * and it still runs, what its workers say of it.
 */
final class Groundwork {
    /** Why a job begins again whose start the loss of a master has cut off. */
    static final SolsticeError CUT_OFF = ErrorCode.MASTER_RESTARTED
            .error("the master changed while the job was being started")
            .help("nothing has to be done: it begins again");

    private final ChainPlan plan;
    private final long term;
    private final Checkpoints checkpoints;
    private final CheckpointSteps steps;
    private final Backoff retry = new Backoff();
    /** What is asked of the store; null when it has answered. */
    private @Nullable StoreRequest open;

    private boolean patient;
    private @Nullable Regain regain;

    /** @param term of this master */
    Groundwork(ChainPlan plan, long term, Checkpoints checkpoints, CheckpointSteps steps) {
        this.term = term;
        this.plan = plan;
        this.checkpoints = checkpoints;
        this.steps = steps;
    }

    /** It begins with a checkpoint of an earlier run. */
    void load(String name) {
        ask(new StoreRequest.Load(name));
    }

    /**
     * It was led by another master.
     *
     * @param course where that one had come to
     * @return the newest generation, which runs, or which nobody holds
     */
    Generation resume(
            RunId run, JobSpec spec, Standing standing, Course course, Preparation preparation, Restarts restarts) {
        checkpoints.takeRequests();
        open = null;
        boolean runs = course.is(JobState.RUNNING) || course.is(JobState.COMMITTING);
        Generation generation = Generation.resumed(run.job(), plan, standing, runs && !standing.over());
        boolean cutOff = !runs && !course.state().isTerminal();
        // The generation to come counts, as it does in the journal.
        restarts.resume(standing.restarts() + (cutOff ? 1 : 0), cutOff ? CUT_OFF : null);
        if (standing.over() && course.is(JobState.COMMITTING)) {
            course.become(JobState.FINISHED);
        }
        if (course.state().isTerminal()) {
            return generation;
        }
        if (standing.prepared() != null) {
            preparation.done(standing.prepared().answer());
        }
        if (runs) {
            regain = new Regain(generation.aliveTasks());
        } else if (!course.is(JobState.RESTARTING)) {
            course.become(JobState.RESTARTING);
        }
        patient = true;
        ask(new StoreRequest.Regain(term, run.generation(), spec.restoreFrom()));
        course.waitFor(inWords());
        return generation;
    }

    private void ask(StoreRequest what) {
        open = what;
        retry.tried();
        checkpoints.load(what);
    }

    /** Whether the store has not answered. */
    boolean isOpen() {
        return open != null;
    }

    /** Null unless the job runs and is not led yet. */
    @Nullable
    Regain regain() {
        return regain;
    }

    void regained() {
        regain = null;
    }

    void tick(Moment now) {
        StoreRequest wanted = open;
        if (wanted != null && retry.isDue(now)) {
            ask(wanted);
        }
    }

    boolean concerns(StoreAnswer answer) {
        return answer instanceof StoreAnswer.Loaded
                || answer instanceof StoreAnswer.NotLoaded
                || answer instanceof StoreAnswer.Regained;
    }

    /** @return why the job cannot begin, or null if it can or the store is asked again */
    @Nullable
    SolsticeError answered(Moment now, StoreAnswer answer, JobSpec spec) {
        // What was asked by another that this one has replaced means nothing here.
        if (open == null || !concerns(answer) || !answersNow(answer)) {
            return null;
        }
        if (answer instanceof StoreAnswer.NotLoaded not && patient && mayPass(not.error())) {
            retry.failed(now);
            return null;
        }
        open = null;
        return steps.beginWith(answer instanceof StoreAnswer.Regained regained ? regained.found() : answer, spec);
    }

    /** Trouble passes for that of any question: it is asked again. */
    private boolean answersNow(StoreAnswer answer) {
        if (answer instanceof StoreAnswer.NotLoaded) {
            return true;
        }
        return open instanceof StoreRequest.Regain
                ? answer instanceof StoreAnswer.Regained regained && regained.term() == term
                : answer instanceof StoreAnswer.Loaded;
    }

    /** What runs meanwhile goes on, so it is worth waiting for a store that cannot be reached. */
    private static boolean mayPass(SolsticeError error) {
        return switch (error.code()) {
            case OBJECT_DAMAGED, OBJECT_MISSING, CHECKPOINT_UNKNOWN -> false;
            default -> true;
        };
    }

    String inWords() {
        Regain awaited = regain;
        if (open != null) {
            return patient ? "its newest checkpoint" : "the checkpoint that it begins with";
        }
        return awaited == null ? "" : awaited.waitingFor();
    }
}
