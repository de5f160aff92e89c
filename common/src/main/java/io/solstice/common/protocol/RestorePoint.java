package io.solstice.common.protocol;

import io.solstice.common.id.TaskId;
import java.util.List;

/**
 * What the tasks of a run begin with instead of nothing.
 *
 * @param epoch of the checkpoint; 0 for a run that begins with nothing
 * @param finished tasks that had come to their end by then: they emit nothing more, and end at once
 */
public record RestorePoint(long epoch, List<StateObject> states, List<TaskId> finished) {
    public static final RestorePoint NONE = new RestorePoint(0, List.of(), List.of());

    public RestorePoint {
        states = List.copyOf(states);
        finished = List.copyOf(finished);
    }
}
