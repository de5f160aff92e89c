package io.solstice.master.cluster;

import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Placement;
import io.solstice.master.job.JobCoordinator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How much of each worker the tasks that are there have reserved. */
final class Occupancy {
    private final WorkerRegistry workers;
    private final JobBook jobs;

    Occupancy(WorkerRegistry workers, JobBook jobs) {
        this.workers = workers;
        this.jobs = jobs;
    }

    /**
     * @param forNewTasks without workers that are being drained
     * @param without a job that will not be there
     */
    TreeMap<WorkerId, Capacity> now(boolean forNewTasks, @Nullable JobEntry without) {
        TreeMap<WorkerId, Capacity> capacities = new TreeMap<>();
        for (WorkerEntry worker : workers.all()) {
            if (!forNewTasks || worker.takesTasks()) {
                capacities.put(
                        worker.registration().worker(),
                        new Capacity(worker.registration().offered()));
            }
        }
        for (JobEntry job : jobs.all()) {
            if (job != without) {
                hold(job.coordinator(), capacities);
            }
        }
        return capacities;
    }

    private static void hold(JobCoordinator job, Map<WorkerId, Capacity> capacities) {
        Placement placement = job.generation().placement();
        if (placement == null) {
            return;
        }
        job.generation().aliveTasks().forEach((task, worker) -> {
            Capacity capacity = capacities.get(worker);
            if (capacity != null) {
                capacity.hold(Scheduler.need(job.plan(), job.plan().chainOf(task.stage())), placement.gpusOf(task));
            }
        });
    }

    /** A worker that is being drained and has tasks of a job that could run elsewhere; null if there is none. */
    @Nullable
    WorkerEntry toLeave(JobEntry job) {
        if (job.coordinator().state() != JobState.RUNNING) {
            return null;
        }
        WorkerEntry drained = job.coordinator().generation().aliveTasks().values().stream()
                .map(workers::of)
                .filter(worker -> worker != null && !worker.takesTasks())
                .findFirst()
                .orElse(null);
        boolean fits = drained != null
                && Scheduler.place(job.coordinator().plan(), now(true, job)) instanceof Scheduler.Verdict.Fits;
        return fits ? drained : null;
    }
}
