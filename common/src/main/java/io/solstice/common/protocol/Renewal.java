package io.solstice.common.protocol;

import io.solstice.common.id.TaskId;
import java.util.List;

/**
 * Tasks of a run that begin again while the others of the run go on.
 *
 * @param attempt tells what they write and send from what their predecessors did: unique within the run, of digits and
 *     dots; empty when all tasks of the run begin
 * @param tasks that begin; empty for all
 */
public record Renewal(String attempt, List<TaskId> tasks) {
    /** All tasks of the run begin for the first time. */
    public static final Renewal WHOLE = new Renewal("", List.of());

    public Renewal {
        tasks = List.copyOf(tasks);
    }

    /** Whether the task begins. */
    public boolean covers(TaskId task) {
        return tasks.isEmpty() || tasks.contains(task);
    }
}
