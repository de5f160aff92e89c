package io.solstice.exchange.channel;

import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import java.util.Set;

/**
 * One road between two tasks of one run. A later run of the same job has other ids, and so have tasks that begin again
 * within the run, so nothing of an earlier one can reach it.
 *
 * @param attempt that the tasks belong to, within the run; empty for the first
 * @param from the first stage of the sending chain
 * @param leaving the stage of the sending chain whose rows it is for
 * @param to the first stage of the receiving chain
 * @param sender the index of the sending task
 * @param receiver the index of the receiving task
 */
public record ChannelId(
        RunId run, String attempt, StageId from, StageId leaving, StageId to, int sender, int receiver) {
    /** Between tasks of one stage each that begin with the run. */
    public ChannelId(RunId run, StageId from, StageId to, int sender, int receiver) {
        this(run, "", from, from, to, sender, receiver);
    }

    /** Whether it is one of this run's roads to or from one of these tasks, in whatever attempt. */
    public boolean joins(RunId of, Set<TaskId> tasks) {
        return run.equals(of)
                && (tasks.contains(new TaskId(run.job(), from, sender))
                        || tasks.contains(new TaskId(run.job(), to, receiver)));
    }

    @Override
    public String toString() {
        return run + " " + leaving + "/" + sender + " -> " + to + "/" + receiver;
    }
}
