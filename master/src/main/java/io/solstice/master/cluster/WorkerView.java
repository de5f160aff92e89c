package io.solstice.master.cluster;

import io.solstice.common.graph.Resources;
import io.solstice.common.protocol.WorkerRegistration;

/**
 * A worker at one moment.
 *
 * @param free the part of what it offers that no task has reserved
 * @param memoryBytes off-heap memory in use, by its last heartbeat
 */
public record WorkerView(
        WorkerRegistration registration,
        WorkerState state,
        Resources free,
        int tasks,
        long memoryBytes,
        long registeredMillis,
        long silentMillis) {}
