package io.solstice.master.job;

import io.solstice.common.graph.Chain;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tasks of a job by who exchanges rows with whom, directly or through others. What one task of a region has sent
 * after a checkpoint is part of what the others are, so they begin again together; no other task needs to.
 */
final class Regions {
    private final Map<TaskId, Set<TaskId>> regions = new HashMap<>();

    Regions(ChainPlan plan) {
        List<TaskId> all = RunTasks.of(plan);
        all.forEach(task -> regions.put(task, new TreeSet<>(Set.of(task))));
        for (Chain from : plan.chains()) {
            for (Edge edge : plan.outputs(from)) {
                StageId to = plan.chainOf(edge.to()).head();
                boolean forward = edge.partitioning() == Partitioning.FORWARD;
                for (TaskId sender : of(all, from.head())) {
                    of(all, to).stream()
                            .filter(receiver -> !forward || receiver.index() == sender.index())
                            .forEach(receiver -> join(sender, receiver));
                }
            }
        }
    }

    private static List<TaskId> of(List<TaskId> all, StageId head) {
        return all.stream().filter(task -> task.stage().equals(head)).toList();
    }

    private Set<TaskId> region(TaskId task) {
        return regions.getOrDefault(task, Set.of());
    }

    private void join(TaskId one, TaskId other) {
        Set<TaskId> larger = region(one);
        Set<TaskId> smaller = region(other);
        if (larger != smaller) {
            larger.addAll(smaller);
            smaller.forEach(task -> regions.put(task, larger));
        }
    }

    /** All tasks that have to begin again if these do. */
    Set<TaskId> around(Collection<TaskId> tasks) {
        Set<TaskId> all = new TreeSet<>();
        tasks.forEach(task -> all.addAll(region(task)));
        return all;
    }
}
