package io.solstice.master.cluster;

import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The jobs that are kept, by the runs that clients know and by those that workers know. */
final class JobBook {
    private final Map<RunId, JobEntry> jobs = new LinkedHashMap<>();
    private final Map<RunId, JobEntry> current = new HashMap<>();

    void add(JobEntry job) {
        jobs.put(job.coordinator().run(), job);
        current.put(job.coordinator().generation().run(), job);
    }

    void clear() {
        jobs.clear();
        current.clear();
    }

    /** In the order in which they were submitted. */
    Collection<JobEntry> all() {
        return List.copyOf(jobs.values());
    }

    /** @param run as it was submitted */
    @Nullable
    JobEntry submitted(RunId run) {
        return jobs.get(run);
    }

    /** @param run as workers know it; one of an earlier generation is not found */
    @Nullable
    JobEntry running(RunId run) {
        return current.get(run);
    }

    boolean isRunning(JobId id) {
        return jobs.values().stream()
                .map(JobEntry::coordinator)
                .anyMatch(job -> job.run().job().equals(id) && !job.state().isTerminal());
    }

    boolean anyWaits() {
        return jobs.values().stream().anyMatch(JobEntry::isWaiting);
    }

    /** The job begins again under a new number. */
    void restart(JobEntry job, long generation) {
        current.remove(job.coordinator().generation().run());
        job.restart(generation);
        current.put(job.coordinator().generation().run(), job);
    }

    /** Takes out the oldest of those that have ended, but for so many. */
    List<RunId> forgetAllBut(int history) {
        List<RunId> ended = new ArrayList<>();
        for (JobEntry job : jobs.values()) {
            if (job.coordinator().state().isTerminal()) {
                ended.add(job.coordinator().run());
            }
        }
        List<RunId> old = ended.subList(0, Math.max(0, ended.size() - history));
        for (RunId run : old) {
            JobEntry job = jobs.remove(run);
            if (job != null) {
                current.remove(job.coordinator().generation().run());
            }
        }
        return old;
    }

    /** Newest first. */
    List<JobView> views() {
        List<JobView> views = new ArrayList<>();
        jobs.values().forEach(job -> views.add(0, job.view()));
        return views;
    }
}
