package io.solstice.master.job;

import io.solstice.common.graph.Chain;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Placement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The tasks of a run that have not ended, and the workers that have not yet answered that theirs are there. */
final class RunTasks {
    private final Map<TaskId, WorkerId> alive = new LinkedHashMap<>();
    private final Set<WorkerId> deploying = new LinkedHashSet<>();

    /** All tasks of a job. */
    static List<TaskId> of(ChainPlan plan) {
        List<TaskId> tasks = new ArrayList<>();
        for (Chain chain : plan.chains()) {
            for (int i = 0; i < chain.parallelism().initial(); i++) {
                tasks.add(new TaskId(plan.graph().job(), chain.head(), i));
            }
        }
        return tasks;
    }

    /** Whether a task has a sink. */
    static boolean writes(ChainPlan plan, TaskId task) {
        return plan.writes(plan.chainOf(task.stage()));
    }

    /** @return the workers that get tasks */
    Set<WorkerId> place(ChainPlan plan, Placement placement) {
        of(plan).forEach(task -> alive.put(task, placement.workerOf(task)));
        deploying.addAll(workers());
        return workers();
    }

    /** All workers have answered long ago. */
    void resume(ChainPlan plan, Placement placement) {
        place(plan, placement);
        deploying.clear();
    }

    Set<WorkerId> workers() {
        return new TreeSet<>(alive.values());
    }

    Map<TaskId, WorkerId> alive() {
        return alive;
    }

    /** Some of them begin again, elsewhere or where they were. */
    void renew(Placement placement, Collection<TaskId> tasks) {
        tasks.forEach(task -> {
            alive.put(task, placement.workerOf(task));
            deploying.add(placement.workerOf(task));
        });
    }

    /** Nobody is waited for any more. */
    void forgetDeploying() {
        deploying.clear();
    }

    boolean owns(WorkerId worker, TaskId task) {
        return worker.equals(alive.get(task));
    }

    /** @return whether all workers have answered by now, and had not before */
    boolean deployed(WorkerId worker) {
        return deploying.remove(worker) && deploying.isEmpty();
    }

    boolean end(WorkerId worker, TaskId task) {
        return alive.remove(task, worker);
    }

    /** @return the tasks that the worker had */
    Set<TaskId> endAll(WorkerId worker) {
        deploying.remove(worker);
        Set<TaskId> ended = new TreeSet<>();
        alive.forEach((task, on) -> {
            if (on.equals(worker)) {
                ended.add(task);
            }
        });
        alive.keySet().removeAll(ended);
        return ended;
    }

    /** A worker could not make those of its tasks that were deployed last. @return them */
    Set<TaskId> notDeployed(WorkerId worker, Collection<TaskId> deployed) {
        deploying.remove(worker);
        Set<TaskId> missing = new TreeSet<>();
        deployed.forEach(task -> {
            if (alive.remove(task, worker)) {
                missing.add(task);
            }
        });
        return missing;
    }

    /** No task is alive and none is still being made. */
    boolean isEmpty() {
        return alive.isEmpty() && deploying.isEmpty();
    }

    /** All workers have answered. */
    boolean isDeployed() {
        return deploying.isEmpty();
    }

    int count() {
        return alive.size();
    }
}
