package io.solstice.master.cluster;

import io.solstice.common.graph.StageRole;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.master.job.JobCoordinator;
import io.solstice.master.job.Moment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** A run that is kept: its coordinator, its times and its newest metrics. */
final class JobEntry {
    private final JobCoordinator coordinator;
    private final long acceptedMillis;
    private final JobLog log = new JobLog();
    private final Map<StageTask, TaskMetrics> metrics = new HashMap<>();
    /** Since when it has waited for what it waits for now. */
    private long waitingSinceMillis;

    private long endedMillis;
    private JobSnapshot published;

    private record StageTask(StageId stage, int index) {}

    JobEntry(JobCoordinator coordinator, Moment now) {
        this.coordinator = coordinator;
        this.acceptedMillis = now.wallMillis();
        this.waitingSinceMillis = now.steadyMillis();
        this.published = coordinator.snapshot();
    }

    /** Of a run that an earlier master led. */
    JobEntry(JobCoordinator resumed, Moment now, long acceptedMillis, long endedMillis) {
        this.coordinator = resumed;
        this.acceptedMillis = acceptedMillis;
        this.waitingSinceMillis = now.steadyMillis();
        this.endedMillis = endedMillis;
        this.published = resumed.snapshot();
    }

    JobCoordinator coordinator() {
        return coordinator;
    }

    JobLog log() {
        return log;
    }

    boolean isWaiting() {
        return coordinator.state() == JobState.CREATED
                || coordinator.state() == JobState.SCHEDULING
                || coordinator.state() == JobState.RESTARTING
                || !coordinator.displaced().isEmpty();
    }

    void keep(TaskMetrics newest) {
        metrics.put(new StageTask(newest.stage(), newest.index()), newest);
    }

    /** The newest of each stage of each task. */
    Collection<TaskMetrics> metrics() {
        return metrics.values();
    }

    /** Rows that the sources have read in this generation, by the newest that workers said. */
    long records() {
        return coordinator.spec().graph().stages().stream()
                .filter(stage -> stage.role() == StageRole.SOURCE)
                .mapToLong(stage -> metrics.entrySet().stream()
                        .filter(task -> task.getKey().stage().equals(stage.id()))
                        .mapToLong(task -> task.getValue().inputRecords())
                        .sum())
                .sum();
    }

    /** It begins again under a new number. */
    void restart(long generation) {
        metrics.clear();
        coordinator.restart(generation);
    }

    /** Some of its tasks begin again, and count from 0. */
    void renew(int tasks, Moment now) {
        log.renewed(tasks, coordinator, now);
        metrics.keySet()
                .removeIf(part -> coordinator.displaced().stream()
                        .anyMatch(task -> task.index() == part.index()
                                && coordinator
                                        .plan()
                                        .chainOf(part.stage())
                                        .head()
                                        .equals(task.stage())));
    }

    /** Whether its tasks have been placed before, so that the cluster was once large enough. */
    boolean hasRestarted() {
        return coordinator.generation().run().generation() != coordinator.run().generation();
    }

    long waitedMillis(Moment now) {
        return now.steadyMillis() - waitingSinceMillis;
    }

    void startWaiting(Moment now) {
        waitingSinceMillis = now.steadyMillis();
    }

    void ended(Moment now) {
        endedMillis = now.wallMillis();
    }

    /** @return whether there is news that has not been published */
    boolean refresh() {
        JobSnapshot now = coordinator.snapshot();
        boolean changed = !now.equals(published);
        published = now;
        return changed;
    }

    JobSnapshot published() {
        return published;
    }

    JobView view() {
        return new JobView(
                coordinator.snapshot(),
                coordinator.spec(),
                coordinator.plan(),
                coordinator.generation().placement(),
                coordinator.generation().aliveTasks().keySet(),
                new ArrayList<>(metrics.values()),
                acceptedMillis,
                endedMillis);
    }
}
