package io.solstice.master.cluster;

import io.solstice.common.graph.Resources;
import io.solstice.common.protocol.WorkerRegistration;

/**
 * A worker at one moment.
 *
 * @param reserved the part of what it offers that tasks have reserved
 * @param memoryBytes off-heap memory in use, by its last heartbeat
 */
public record WorkerView(
        WorkerRegistration registration,
        WorkerState state,
        Resources reserved,
        int tasks,
        long memoryBytes,
        long registeredMillis,
        long silentMillis) {
    /** The part of what it offers that no task has reserved. */
    public Resources free() {
        Resources offered = registration.offered();
        return new Resources(
                Math.max(0, offered.numCpus() - reserved.numCpus()),
                Math.max(0, offered.numGpus() - reserved.numGpus()),
                Math.max(0, offered.memoryBytes() - reserved.memoryBytes()));
    }
}
