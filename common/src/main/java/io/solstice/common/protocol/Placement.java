package io.solstice.common.protocol;

import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which worker runs which task of a run and with which of its GPUs, and where the workers listen.
 *
 * @param workers for each chain, named by its first stage, the worker of each task in order of their index
 * @param endpoints where the workers exchange batches
 * @param gpus for each chain whose tasks need GPUs, those of each task, as numbers from 0 among its worker's
 */
public record Placement(
        Map<StageId, List<WorkerId>> workers,
        Map<WorkerId, Endpoint> endpoints,
        Map<StageId, List<List<Integer>>> gpus) {
    public Placement {
        Map<StageId, List<WorkerId>> copy = new HashMap<>();
        workers.forEach((stage, ids) -> copy.put(stage, List.copyOf(ids)));
        workers = Map.copyOf(copy);
        endpoints = Map.copyOf(endpoints);
        Map<StageId, List<List<Integer>>> taken = new HashMap<>();
        gpus.forEach((stage, tasks) ->
                taken.put(stage, tasks.stream().map(List::copyOf).toList()));
        gpus = Map.copyOf(taken);
    }

    /** Of tasks that need no GPU. */
    public Placement(Map<StageId, List<WorkerId>> workers, Map<WorkerId, Endpoint> endpoints) {
        this(workers, endpoints, Map.of());
    }

    public WorkerId workerOf(TaskId task) {
        List<WorkerId> ids = workers.get(task.stage());
        if (ids == null || task.index() >= ids.size()) {
            throw new IllegalArgumentException("task " + task + " is not placed");
        }
        return ids.get(task.index());
    }

    /** The GPUs of its worker that the task has, or has a part of. */
    public List<Integer> gpusOf(TaskId task) {
        List<List<Integer>> tasks = gpus.getOrDefault(task.stage(), List.of());
        return task.index() < tasks.size() ? tasks.get(task.index()) : List.of();
    }

    public Endpoint endpointOf(TaskId task) {
        Endpoint endpoint = endpoints.get(workerOf(task));
        if (endpoint == null) {
            throw new IllegalArgumentException("nobody knows where the worker of task " + task + " listens");
        }
        return endpoint;
    }
}
