package io.solstice.common.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a worker needs to build a job's operators again: the code, the class that builds the job, and what it builds it
 * from.
 *
 * @param artifacts jars with the user's classes, in class path order; none if the class is on every worker's class path
 * @param workflow the class whose {@code createJob} builds the job; empty for a job that is handed over in one process
 * @param config what the workflow is given: texts, whole and floating numbers, truth values, lists and maps;
 *     in the order in which they were given
 * @param stateBackend where checkpoints are kept, by the keys of {@code state_backend}
 */
public record Program(
        List<Artifact> artifacts, String workflow, Map<String, Object> config, Map<String, String> stateBackend) {
    /** Of a job whose operators are handed over within one process. */
    public static final Program LOCAL = new Program(List.of(), "", Map.of(), Map.of());

    public Program {
        artifacts = List.copyOf(artifacts);
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        stateBackend = Map.copyOf(stateBackend);
    }

    /**
     * A jar, named by its content.
     *
     * @param sha256 of the whole file, 64 hexadecimal digits
     * @param fileName what its owner calls it; for messages only, never a path
     */
    public record Artifact(String sha256, String fileName, long sizeBytes) {}
}
