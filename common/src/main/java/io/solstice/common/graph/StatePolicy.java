package io.solstice.common.graph;

/**
 * Where the tasks of a job keep state by key while they run.
 *
 * @param folder of the stores, on each worker; empty for a folder of the worker's own
 * @param memoryBytes that each store may take; 0 for a part of what its worker has
 */
public record StatePolicy(StateStore store, String folder, long memoryBytes) {
    public static final StatePolicy DEFAULT = new StatePolicy(StateStore.AUTO, "", 0);

    /** With stores that take a part of what their workers have. */
    public StatePolicy(StateStore store, String folder) {
        this(store, folder, 0);
    }
}
