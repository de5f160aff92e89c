package io.solstice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.master.job.Move;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What truly happened to each run, whatever masters and workers believe; checks it as it happens. */
final class Ledger {
    private final Map<String, RandomJob> jobs = new HashMap<>();
    private final Map<RunId, Truth> runs = new HashMap<>();
    private final Set<RunId> goneOn = new HashSet<>();
    /** What is visible, by job. */
    private final Map<JobId, Published> published = new HashMap<>();

    private static final class Truth {
        private final Set<String> started = new HashSet<>();
        /** The newest attempt of each task that began again beside others. */
        private final Map<TaskId, String> attempts = new HashMap<>();
        /** Which task has which split. */
        private final Map<String, TaskId> assigned = new HashMap<>();

        private int renewed;
        private int changes;
        /** A master has told tasks to end and has not let their successors begin. */
        private boolean renewing;
    }

    private static final class Published {
        private final Set<CheckpointId> checkpoints = new HashSet<>();
        private final Set<String> rows = new TreeSet<>();
        private long epoch;
    }

    void add(RandomJob job) {
        jobs.put(job.spec().requestId(), job);
    }

    RandomJob job(String request) {
        RandomJob job = jobs.get(request.replaceAll("~.*", ""));
        assertThat(job).as("job of request %s", request).isNotNull();
        return java.util.Objects.requireNonNull(job);
    }

    private Truth of(RunId run) {
        return runs.computeIfAbsent(run, id -> new Truth());
    }

    void starts(RunId run, String attempt, TaskId task) {
        assertThat(of(run).started.add(task + " " + attempt))
                .as("%s of %s is started a second time in attempt '%s'", task, run, attempt)
                .isTrue();
    }

    /** A task gets what no other has; what one gets that has been replaced does not count. */
    void getsSplits(RunId run, String attempt, TaskId task, List<Split> splits) {
        Truth truth = of(run);
        if (truth.attempts.getOrDefault(task, "").equals(attempt)) {
            splits.forEach(split -> assertThat(truth.assigned.put(task.stage() + "/" + split.id(), task))
                    .as("who else has %s of %s", split, run)
                    .isNull());
        }
    }

    /** A worker publishes; the target remembers the checkpoint, so that a second time changes nothing. */
    void commits(World world, WorkerCommand.Commit commit) {
        JobId job = commit.run().job();
        CheckpointId id = commit.point().id();
        if (!commit.committables().isEmpty()) {
            assertThat(world.store().isCanonical(job, id))
                    .as("%s of %s is canonical when it is published", id, commit.run())
                    .isTrue();
        }
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
                assertThat(target.rows.add(sealed.stage() + " " + row))
                        .as("%s of %s is published a second time, by %s", row, commit.run(), commit.point())
                        .isTrue();
            }
        }
    }

    /** A master leads a generation that another one let work: its tasks have been started by then. */
    void goesOn(RunId run) {
        if (!of(run).started.isEmpty()) {
            goneOn.add(run);
        }
    }

    /** How often tasks began again beside others. */
    int renewed() {
        return runs.values().stream().mapToInt(truth -> truth.renewed).sum();
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

    /** Generations that have outlived a master. */
    int goneOn() {
        return goneOn.size();
    }

    /** A master lets a job, or some of its tasks, begin somewhere. */
    void begins(WorkerCommand.Deploy deploy) {
        Truth truth = of(deploy.run());
        deploy.renewal().tasks().forEach(task -> {
            truth.attempts.put(task, deploy.renewal().attempt());
            truth.assigned.values().removeIf(task::equals);
        });
        truth.renewed += deploy.renewal().tasks().isEmpty() ? 0 : 1;
        truth.renewing = false;
        truth.changes++;
        Published target = published.get(deploy.run().job());
        if (target != null) {
            assertThat(deploy.restore().epoch())
                    .as("where %s begins, which published %s", deploy.run(), target.epoch)
                    .isGreaterThanOrEqualTo(target.epoch);
        }
    }

    /** What a run's end must mean. */
    void checkEnd(RunId run, String request, Move last) {
        assertThat(last.state().isTerminal())
                .as("%s has ended, but is %s", run, last.state())
                .isTrue();
        if (last.state() == JobState.FINISHED) {
            Published target = published.getOrDefault(run.job(), new Published());
            assertThat(target.rows)
                    .as("what %s published", run)
                    .isEqualTo(job(request).everything());
        }
        if (last.state() == JobState.FAILED) {
            assertThat(last.error()).as("why %s failed", run).isNotNull();
        }
    }
}
