package io.solstice.worker.control;

import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was said about one run between its master and this worker, as far as another master would have to know it: the
 * worker is the only one who does when a master is lost.
 */
final class Transcript {
    /** What each source task was given. */
    private final Map<TaskId, Given> given = new TreeMap<>();
    /** The newest question of each source task. */
    private final Map<TaskId, WorkerReport.SplitsWanted> questions = new TreeMap<>();
    /** Cuts that are in no canonical checkpoint, and ends of tasks. */
    private final List<WorkerReport> reports = new ArrayList<>();
    /** The newest checkpoint that was begun. */
    private long epoch;

    private boolean last;
    /** {@link #epoch} when tasks were last told to begin again. */
    private long renewedAt = -1;

    /** What one source task was given, in order. */
    private static final class Given {
        private final Map<String, SplitStart> splits = new LinkedHashMap<>();
        private long number;
        private int finished;
        private boolean last;
    }

    /** @return false for the answer to a question that has been answered */
    boolean answers(WorkerCommand.AssignSplits assign) {
        Given task = given.computeIfAbsent(assign.task(), first -> new Given());
        if (assign.number() <= task.number) {
            return false;
        }
        task.number = assign.number();
        task.last = assign.last();
        assign.splits().forEach(start -> task.splits.put(start.split().id(), start));
        return true;
    }

    /** @return false for a checkpoint that was begun before */
    boolean begins(WorkerCommand.Checkpoint checkpoint) {
        reports.removeIf(report -> epochOf(report) <= checkpoint.canonical());
        renewedAt = checkpoint.canonical() > renewedAt ? -1 : renewedAt;
        if (checkpoint.epoch() <= epoch) {
            return false;
        }
        epoch = checkpoint.epoch();
        last = checkpoint.last();
        return true;
    }

    /** Of a cut; what is no cut belongs to none. */
    private static long epochOf(WorkerReport report) {
        if (report instanceof WorkerReport.SnapshotTaken taken) {
            return taken.epoch();
        }
        return report instanceof WorkerReport.SnapshotFailed failed ? failed.epoch() : Long.MAX_VALUE;
    }

    void says(WorkerReport report) {
        if (report instanceof WorkerReport.SplitsWanted wanted) {
            questions.put(wanted.task(), wanted);
        } else if (report instanceof WorkerReport.SplitFinished finished) {
            Given task = given.get(finished.task());
            if (task != null) {
                task.finished++;
            }
        } else if (report instanceof WorkerReport.SnapshotTaken
                || report instanceof WorkerReport.SnapshotFailed
                || report instanceof WorkerReport.TaskEnded) {
            reports.add(report);
        }
    }

    /** Tasks are to begin again, here or elsewhere. */
    void renew() {
        renewedAt = epoch;
    }

    /** They begin again, perhaps elsewhere: no master needs to know what they did before. */
    void forget(Collection<TaskId> tasks) {
        given.keySet().removeAll(tasks);
        questions.keySet().removeAll(tasks);
        reports.removeIf(report -> tasks.contains(taskOf(report)));
    }

    private static @Nullable TaskId taskOf(WorkerReport report) {
        if (report instanceof WorkerReport.SnapshotTaken taken) {
            return taken.snapshot().task();
        } else if (report instanceof WorkerReport.SnapshotFailed failed) {
            return failed.task();
        }
        return report instanceof WorkerReport.TaskEnded ended ? ended.task() : null;
    }

    /** @param alive tasks that have not ended */
    RunAccount account(Collection<TaskId> alive) {
        List<RunAccount.Assigned> assigned = new ArrayList<>();
        given.forEach((task, had) -> assigned.add(new RunAccount.Assigned(
                task, task.stage(), had.number, List.copyOf(had.splits.values()), had.finished, had.last)));
        return new RunAccount(alive.stream().sorted().toList(), epoch, last, assigned, reports, renewedAt >= 0);
    }

    /** Questions of tasks that wait for an answer. */
    List<WorkerReport> openQuestions(Collection<TaskId> alive) {
        return questions.values().stream()
                .filter(question -> alive.contains(question.task()))
                .filter(question -> {
                    Given had = given.get(question.task());
                    return had == null || had.number < question.number();
                })
                .map(question -> (WorkerReport) question)
                .toList();
    }
}
