package io.solstice.master.job;

import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.WorkerCommand;
import java.util.ArrayList;
import java.util.List;

/** How a job comes to its end, well or not: its tasks end, its workers let go of it, and it has ended. */
final class Ending {
    private final Course course;
    private final Checkpoints checkpoints;
    private final CheckpointSteps steps;
    private final Preparation preparation;

    Ending(Course course, Checkpoints checkpoints, CheckpointSteps steps, Preparation preparation) {
        this.course = course;
        this.checkpoints = checkpoints;
        this.steps = steps;
        this.preparation = preparation;
    }

    /** Of a job that is not wanted any more, wherever it is. */
    List<Order> endTasks(Generation generation) {
        WorkerId preparer = preparation.worker();
        if (preparer != null) {
            return List.of(new Order(preparer, new WorkerCommand.Cancel(generation.run())));
        }
        if (generation.tasks().isEmpty() || generation.isReleasing()) {
            return release(generation);
        }
        return generation.toHolders(new WorkerCommand.Cancel(generation.run()));
    }

    /** Of a job that is ending: it has ended when nobody has anything of it. */
    List<Order> ifNothingIsLeft(Generation generation) {
        return course.isEnding() && generation.tasks().isEmpty() && !preparation.isUnderWay()
                ? release(generation)
                : List.of();
    }

    /** A worker says what it has of a job that the master before led: of what has ended there it says no more. */
    List<Order> kept(Generation generation, WorkerId from, RunAccount account) {
        if (!course.isEnding()) {
            return List.of();
        }
        List.copyOf(generation.tasks().alive().keySet()).stream()
                .filter(task -> !account.alive().contains(task))
                .forEach(task -> generation.tasks().end(from, task));
        return ifNothingIsLeft(generation);
    }

    List<Order> release(Generation generation) {
        List<Order> orders = new ArrayList<>(generation.release(checkpoints.interrupted(course.ending())));
        orders.addAll(afterRelease(generation));
        return orders;
    }

    /** A worker has let go. */
    List<Order> afterRelease(Generation generation) {
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
