package io.solstice.worker.job;

import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.StateObject;

/**
 * What the tasks of a run begin with: nothing, or a checkpoint.
 *
 * @param bounded whether all sources come to an end by themselves
 */
record Beginning(RestorePoint point, StateStorage storage, boolean bounded) {

    /** Refuses states for tasks that there are not, before anything is touched. */
    void requireFits(ChainPlan plan) {
        for (StateObject state : point.states()) {
            if (plan.graph().stages().stream().noneMatch(node -> node.id().equals(state.stage()))) {
                throw StateStorage.unfit(state.stage(), "the job has no such stage any more");
            }
            int tasks = plan.chainOf(state.stage()).parallelism().initial();
            if (state.index() >= tasks) {
                throw StateStorage.unfit(
                        state.stage(), "it had more than " + state.index() + " tasks and has " + tasks + " now");
            }
        }
    }

    /** Of the checkpoint; 0 for nothing. */
    long epoch() {
        return point.epoch();
    }

    boolean isEnded(TaskId task) {
        return point.finished().contains(task);
    }

    /** Gives an operator back what it had. Called by the task's thread, since it reads from the state backend. */
    void restore(TaskContext context) {
        for (StateObject state : point.states()) {
            if (state.stage().equals(context.stage()) && state.index() == context.taskIndex()) {
                context.memory().begin(storage.read(state, context.parallelism(), context.allocator()));
            }
        }
    }
}
