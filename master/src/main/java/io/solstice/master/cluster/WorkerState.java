package io.solstice.master.cluster;

/** Whether a worker gets tasks. */
public enum WorkerState {
    ACTIVE,
    /** Gets no more tasks. */
    DRAINING,
    /** Gets no more tasks, and has none. */
    DRAINED
}
