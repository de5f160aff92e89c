package io.solstice.common.protocol;

import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import java.util.List;

/**
 * One worker's part of a running job, as a master that did not lead it so far has to know it.
 *
 * @param alive tasks that have not ended
 * @param epoch of the newest checkpoint that was begun here; 0 if none was in this generation
 * @param last the sources read nothing more after it
 * @param assigned what its source tasks were given in this generation
 * @param reports cuts since the newest canonical checkpoint that the worker knows of, and all ends of tasks, in the
 *     order in which they happened
 * @param renewed tasks have been told to begin again, here or elsewhere, since the newest canonical checkpoint that the
 *     worker knows of: some owe cuts that others have never heard of
 */
public record RunAccount(
        List<TaskId> alive,
        long epoch,
        boolean last,
        List<Assigned> assigned,
        List<WorkerReport> reports,
        boolean renewed) {
    /** Of a run whose tasks all began with it. */
    public RunAccount(
            List<TaskId> alive, long epoch, boolean last, List<Assigned> assigned, List<WorkerReport> reports) {
        this(alive, epoch, last, assigned, reports, false);
    }

    public RunAccount {
        alive = List.copyOf(alive);
        assigned = List.copyOf(assigned);
        reports = List.copyOf(reports);
    }

    /**
     * What a source task was given.
     *
     * @param number of its newest question that was answered
     * @param splits in order
     * @param finished so many of them have been read to their end
     * @param last there will be no more
     */
    public record Assigned(
            TaskId task, StageId source, long number, List<SplitStart> splits, int finished, boolean last) {
        public Assigned {
            splits = List.copyOf(splits);
        }
    }
}
