package io.solstice.common.protocol;

import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import java.util.List;
import java.util.Map;

/**
 * What the tasks of a run begin with instead of nothing.
 *
 * @param epoch of the checkpoint; 0 for a run that begins with nothing
 * @param tasks how many each stage had of which there are states; it may have another number now
 * @param finished tasks that had come to their end by then: they emit nothing more, and end at once
 */
public record RestorePoint(long epoch, List<StateObject> states, Map<StageId, Integer> tasks, List<TaskId> finished) {
    public static final RestorePoint NONE = new RestorePoint(0, List.of(), Map.of(), List.of());

    public RestorePoint {
        states = List.copyOf(states);
        tasks = Map.copyOf(tasks);
        finished = List.copyOf(finished);
    }
}
