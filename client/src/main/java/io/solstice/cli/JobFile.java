package io.solstice.cli;

import io.solstice.common.graph.StateStore;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a YAML file given with {@code --config}. Absent parts are null or empty.
 *
 * @param workflow the workflow that the file itself is for; null for one that is given beside it
 * @param stateMemory in bytes
 * @param stateBackend the keys of {@code state_backend}
 * @param config the keys of {@code config}, for the workflow; of a stream-processor document, the document
 */
record JobFile(
        @Nullable String workflow,
        @Nullable String jobId,
        @Nullable Double checkpointIntervalSecs,
        @Nullable Long checkpointIntervalRecords,
        @Nullable StateStore stateStore,
        @Nullable Long stateMemory,
        Map<String, Object> stateBackend,
        Map<String, Object> config) {
    static final JobFile EMPTY = new JobFile(null, null, null, null, null, null, Map.of(), Map.of());
}
