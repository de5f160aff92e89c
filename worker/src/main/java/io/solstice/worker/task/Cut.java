package io.solstice.worker.task;

import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.SourcePosition;
import java.util.List;

/**
 * What a task was like at a barrier: a copy, which the task's going on does not change.
 *
 * @param positions of its source; empty if it reads from other tasks
 * @param states of its operators; none for one without state
 * @param committables what its sink sealed since the cut before
 */
public record Cut(
        long epoch, List<SourcePosition> positions, List<OperatorState> states, List<Committable> committables) {
    public Cut {
        positions = List.copyOf(positions);
        states = List.copyOf(states);
        committables = List.copyOf(committables);
    }
}
