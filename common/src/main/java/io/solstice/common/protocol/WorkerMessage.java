package io.solstice.common.protocol;

import java.util.List;

/** What a worker sends to its master over the one stream between them. */
public sealed interface WorkerMessage {
    /** The first message of a stream, and only that. */
    record Register(WorkerRegistration registration) implements WorkerMessage {}

    /**
     * A sign of life.
     *
     * @param memoryBytes off-heap memory in use
     */
    record Heartbeat(long sequence, long memoryBytes, List<TaskMetrics> tasks) implements WorkerMessage {
        public Heartbeat {
            tasks = List.copyOf(tasks);
        }
    }

    record Report(WorkerReport report) implements WorkerMessage {}

    /** The worker ends as it was asked to, and will not come back under this connection. */
    record Leaving() implements WorkerMessage {}
}
