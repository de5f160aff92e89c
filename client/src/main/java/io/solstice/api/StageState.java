package io.solstice.api;

import io.solstice.common.protocol.StateUse;
import java.util.Map;

/**
 * Where tasks of a stage keep state by key while they run.
 *
 * @param backend as {@code state.backend} has it
 * @param tasks how many do
 * @param memoryBytes that their stores may take together, beside batches and tables
 * @param reason why it is not the one that the job asks for; empty if it is
 */
public record StageState(String backend, int tasks, long memoryBytes, String reason) {
    /** As the engine tells it. */
    public static StageState of(StateUse told) {
        return new StageState(told.store(), told.tasks(), told.memoryBytes(), told.reason());
    }

    /** The documented field names. */
    public Map<String, Object> toMap() {
        return Map.of("backend", backend, "tasks", tasks, "memory_bytes", memoryBytes, "reason", reason);
    }
}
