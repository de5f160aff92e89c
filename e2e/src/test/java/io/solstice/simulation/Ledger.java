package io.solstice.simulation;

import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.master.job.Manifest;
import io.solstice.master.job.Move;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What truly happened to each run, whatever masters and workers believe; checks it as it happens. */
final class Ledger {
    private final Archive archive;
    private final Map<String, RandomJob> jobs = new HashMap<>();
    private final Map<RunId, Truth> runs = new HashMap<>();
    private final Map<JobId, Long> newest = new HashMap<>();
    /** What is visible, by job. */
    private final Map<JobId, Published> published = new HashMap<>();

    private static final class Truth {
        private final Set<String> started = new HashSet<>();
        /** The newest attempt of each task that began again beside others. */
        private final Map<TaskId, String> attempts = new HashMap<>();
        /** Which task has which split. */
        private final Map<String, TaskId> assigned = new HashMap<>();

        private boolean goneOn;
        /** How often tasks have been told to end, or to begin again. */
        private int changes;
        /** A master has told tasks to end and has not let their successors begin. */
        private boolean renewing;
    }

    private static final class Published {
        private final Set<CheckpointId> checkpoints = new HashSet<>();
        private final Set<String> rows = new TreeSet<>();
        private long epoch;
    }

    Ledger(Archive archive) {
        this.archive = archive;
    }

    void add(RandomJob job) {
        jobs.put(job.spec().requestId(), job);
    }

    RandomJob job(String request) {
        return Objects.requireNonNull(jobs.get(request.replaceAll("~.*", "")), request);
    }

    private Truth of(RunId run) {
        return runs.computeIfAbsent(run, id -> new Truth());
    }

    void starts(RunId run, String attempt, TaskId task) {
        Invariant.I5.holds(
                of(run).started.add(task + " " + attempt),
                () -> task + " of " + run + " is started a second time in attempt '" + attempt + "'");
    }

    /** A task gets what no other has; what one gets that has been replaced does not count. */
    void getsSplits(RunId run, String attempt, TaskId task, List<Split> splits) {
        Truth truth = of(run);
        if (truth.attempts.getOrDefault(task, "").equals(attempt)) {
            splits.forEach(split -> Invariant.I5.holds(
                    truth.assigned.put(task.stage() + "/" + split.id(), task) == null,
                    () -> split + " of " + run + " is handed out a second time"));
        }
    }

    /** A worker publishes; the target remembers the checkpoint, so that a second time changes nothing. */
    void commits(WorkerCommand.Commit commit) {
        JobId job = commit.run().job();
        CheckpointId id = commit.point().id();
        Invariant.I3.holds(
                commit.committables().isEmpty() || archive.isCanonical(job, id),
                () -> id + " of " + commit.run() + " is published and not canonical");
        Published target = published.computeIfAbsent(job, none -> new Published());
        if (!target.checkpoints.add(id)) {
            return;
        }
        if (!commit.committables().isEmpty()) {
            // The end of a job that sealed nothing is told to its sinks without a checkpoint to go back to.
            target.epoch = Math.max(target.epoch, commit.point().epoch());
        }
        for (Committable sealed : commit.committables()) {
            for (String row : sealed.payload().split(",")) {
                Invariant.I4.holds(
                        target.rows.add(sealed.stage() + " " + row),
                        () -> row + " of " + commit.run() + " is published a second time, by " + commit.point());
            }
        }
    }

    /** Whether all that a checkpoint sealed is visible. */
    boolean isPublished(Manifest manifest) {
        Published target = published.get(manifest.job());
        return manifest.committables().isEmpty() || target != null && target.checkpoints.contains(manifest.id());
    }

    /** A master lets tasks end that are to begin again. */
    void renews(RunId run) {
        of(run).changes++;
        of(run).renewing = true;
    }

    boolean isRenewing(RunId run) {
        return of(run).renewing;
    }

    /** How often tasks of the run have been told to end or to begin again. */
    int changes(RunId run) {
        return of(run).changes;
    }

    /**
     * A master leads a generation that another one let work: its tasks have been started by then.
     *
     * @return whether it is the first that does
     */
    boolean goesOn(RunId run) {
        boolean first = !of(run).started.isEmpty() && !of(run).goneOn;
        of(run).goneOn |= first;
        return first;
    }

    /** A master lets a job, or some of its tasks, begin somewhere. */
    void begins(WorkerCommand.Deploy deploy) {
        Truth truth = of(deploy.run());
        deploy.renewal().tasks().forEach(task -> {
            truth.attempts.put(task, deploy.renewal().attempt());
            truth.assigned.values().removeIf(task::equals);
        });
        truth.renewing = false;
        truth.changes++;
        JobId job = deploy.run().job();
        newest.merge(job, deploy.run().generation(), Math::max);
        long visible = published.getOrDefault(job, new Published()).epoch;
        Invariant.I6.holds(
                deploy.restore().epoch() >= visible,
                () -> deploy.run() + " begins at " + deploy.restore().epoch() + ", and " + visible + " is published");
    }

    /** Whether a later generation of the job has begun. */
    boolean isOver(RunId run) {
        return newest.getOrDefault(run.job(), 0L) > run.generation();
    }

    /** What a run's end must mean. */
    void checkEnd(RunId run, String request, Move last) {
        Invariant.I10.holds(
                last.state() != JobState.FAILED || last.error() != null, () -> run + " failed and nobody knows why");
        if (last.state() == JobState.FINISHED) {
            Set<String> missing = job(request).everything();
            missing.removeAll(published.getOrDefault(run.job(), new Published()).rows);
            Invariant.I4.holds(missing.isEmpty(), () -> run + " has finished without publishing " + missing);
        }
    }
}
