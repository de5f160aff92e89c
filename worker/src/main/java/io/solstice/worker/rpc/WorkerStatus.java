package io.solstice.worker.rpc;

import io.solstice.common.graph.Resources;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import java.util.List;

/**
 * A worker as it sees itself at one moment.
 *
 * @param master where it looks for its master
 * @param link {@code CONNECTED}, or why it is not
 * @param term of the master that it last obeyed
 * @param memoryBytes off-heap memory in use
 * @param fencedMasters how many were turned away because the worker had followed one that came after them
 */
public record WorkerStatus(
        WorkerId worker,
        String version,
        String cluster,
        String master,
        String link,
        long term,
        Resources offered,
        long memoryBytes,
        List<TaskId> tasks,
        int fencedMasters) {
    public WorkerStatus {
        tasks = List.copyOf(tasks);
    }
}
