package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobState;
import java.util.List;
import java.util.Set;

/** What becomes of a job in trouble: the tasks that it touched begin again, or all, or the job fails. */
final class Recovery {
    private final ChainPlan plan;
    private final Course course;
    private final Groundwork groundwork;
    private final Restarts restarts;
    private final Renewals renewals;
    private final Checkpoints checkpoints;
    private final CheckpointSteps steps;
    private final Ending ending;

    Recovery(
            ChainPlan plan,
            Course course,
            Groundwork groundwork,
            Restarts restarts,
            Renewals renewals,
            Checkpoints checkpoints,
            CheckpointSteps steps,
            Ending ending) {
        this.plan = plan;
        this.course = course;
        this.groundwork = groundwork;
        this.restarts = restarts;
        this.renewals = renewals;
        this.checkpoints = checkpoints;
        this.steps = steps;
        this.ending = ending;
    }

    /** Ends the job, unless it makes its last output visible or is ending already. */
    List<Order> cancel(Generation generation) {
        if (!course.mayBecome(JobState.CANCELLING)) {
            return List.of();
        }
        course.become(JobState.CANCELLING);
        return end(generation);
    }

    /** Ends the job with an error, unless it is ending already. */
    List<Order> fail(Generation generation, SolsticeError cause) {
        if (!course.mayBecome(JobState.FAILING)) {
            return List.of();
        }
        course.fail(cause);
        return end(generation);
    }

    private List<Order> end(Generation generation) {
        renewals.end();
        Regain open = groundwork.regain();
        if (open != null) {
            open.forEachEnded(generation.tasks()::end);
            groundwork.regained();
        }
        return ending.endTasks(generation);
    }

    /** Whether tasks may begin again now, as far as it depends on what happened before. */
    boolean isDue(Moment now) {
        return !groundwork.isOpen() && !checkpoints.isStoring() && restarts.isDue(now);
    }

    /** A worker could not make its tasks. */
    List<Order> notDeployed(Moment now, Generation generation, WorkerId worker, SolsticeError why) {
        Set<TaskId> missing = renewals.isOpen()
                ? generation.tasks().notDeployed(worker, renewals.touched())
                : generation.tasks().endAll(worker);
        return missing.isEmpty() ? List.of() : troubled(now, generation, why, renewals.isOpen() ? missing : Set.of());
    }

    /**
     * Something has gone wrong that may pass, or not.
     *
     * @param touched tasks that are gone; none if it concerns them all
     */
    List<Order> troubled(Moment now, Generation generation, SolsticeError cause, Set<TaskId> touched) {
        if (!course.mayBecome(JobState.RESTARTING)) {
            return ending.ifNothingIsLeft(generation);
        }
        boolean some = course.is(JobState.RUNNING) && renewals.suffice(generation, touched);
        if (some && renewals.isKnown(touched)) {
            explain(cause);
            return List.of();
        }
        SolsticeError refusal = restarts.refusal(now, plan.graph(), cause);
        if (refusal != null) {
            return fail(generation, refusal);
        }
        restarts.begin(now, generation.run(), cause, checkpoints.facts().completed());
        if (!some) {
            return again(generation, cause);
        }
        List<Order> orders = renewals.begin(generation, touched, cause);
        course.waitFor(renewals.inWords() + " because " + cause.what());
        return orders;
    }

    /** All tasks begin again where the newest checkpoint is. */
    List<Order> again(Generation generation, SolsticeError cause) {
        course.become(JobState.RESTARTING);
        renewals.end();
        steps.left();
        return generation.release(checkpoints.interrupted(cause));
    }

    /** The job goes on elsewhere, without trouble. */
    List<Order> move(Moment now, Generation generation, SolsticeError why) {
        restarts.move(now, why);
        return again(generation, why);
    }

    /** Peers of a lost worker often notice first, but only by the roads that broke: its loss is the cause. */
    void explain(SolsticeError why) {
        if (course.is(JobState.RESTARTING) || course.is(JobState.RUNNING)) {
            restarts.explain(why);
        } else if (course.is(JobState.FAILING) && course.ending().code() == ErrorCode.EXCHANGE_LOST) {
            course.explain(why);
        }
    }
}
