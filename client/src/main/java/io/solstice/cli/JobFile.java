package io.solstice.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a YAML file given with {@code --config}. Absent parts are null or empty.
 *
 * @param stateBackend the keys of {@code state_backend}
 * @param config the keys of {@code config}, for the workflow
 */
record JobFile(
        @Nullable String jobId,
        @Nullable Double checkpointIntervalSecs,
        @Nullable Long checkpointIntervalRecords,
        Map<String, Object> stateBackend,
        Map<String, Object> config) {
    static final JobFile EMPTY = new JobFile(null, null, null, Map.of(), Map.of());
}
