package io.solstice.common.graph;

/**
 * Where the tasks of a job keep state by key while they run.
 *
 * @param folder of the stores, on each worker; empty for a folder of the worker's own
 */
public record StatePolicy(StateStore store, String folder) {
    public static final StatePolicy DEFAULT = new StatePolicy(StateStore.AUTO, "");
}
