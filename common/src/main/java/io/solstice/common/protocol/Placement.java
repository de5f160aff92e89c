package io.solstice.common.protocol;

import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which worker runs which task of a run, and where the workers listen.
 *
 * @param workers for each chain, named by its first stage, the worker of each task in order of their index
 * @param endpoints where the workers exchange batches
 */
public record Placement(Map<StageId, List<WorkerId>> workers, Map<WorkerId, Endpoint> endpoints) {
    public Placement {
        Map<StageId, List<WorkerId>> copy = new HashMap<>();
        workers.forEach((stage, ids) -> copy.put(stage, List.copyOf(ids)));
        workers = Map.copyOf(copy);
        endpoints = Map.copyOf(endpoints);
    }

    public WorkerId workerOf(TaskId task) {
        List<WorkerId> ids = workers.get(task.stage());
        if (ids == null || task.index() >= ids.size()) {
            throw new IllegalArgumentException("task " + task + " is not placed");
        }
        return ids.get(task.index());
    }

    public Endpoint endpointOf(TaskId task) {
        Endpoint endpoint = endpoints.get(workerOf(task));
        if (endpoint == null) {
            throw new IllegalArgumentException("nobody knows where the worker of task " + task + " listens");
        }
        return endpoint;
    }
}
