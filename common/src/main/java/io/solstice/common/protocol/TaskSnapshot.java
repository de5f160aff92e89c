package io.solstice.common.protocol;

import io.solstice.common.id.TaskId;
import java.util.List;

/**
 * One task's part of a checkpoint.
 *
 * @param positions of the source stage of the task; empty if it reads from other tasks
 * @param states of its operators; none for one without state
 * @param committables what its sink sealed since the cut before
 */
public record TaskSnapshot(
        TaskId task, List<SourcePosition> positions, List<StateObject> states, List<Committable> committables) {
    public TaskSnapshot {
        positions = List.copyOf(positions);
        states = List.copyOf(states);
        committables = List.copyOf(committables);
    }
}
