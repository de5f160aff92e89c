package io.solstice.master.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;

/**
 * A worker that takes its time: commands wait in order until it feels like them, tasks move by chance and fail by
 * chance, reports are handed out in any order. What a master must never ask of a worker is checked here, on the
 * worker's side.
 */
final class SimulatedWorker {
    static final SolsticeError BROKEN = ErrorCode.FUNCTION_FAILED.error("broken");

    private final RandomPlan job;
    private final Random random;
    private final int failurePercent;
    private final Queue<WorkerCommand> commands = new ArrayDeque<>();
    private final List<WorkerReport> reports = new ArrayList<>();
    private final Map<TaskId, Running> tasks = new LinkedHashMap<>();
    private final Set<Split> assigned = new HashSet<>();
    private final Set<Committable> sealed = new HashSet<>();
    private int ended;
    private int deployed = -1;
    private int commits;
    private int releases;
    private boolean failed;
    private boolean cancelled;
    private boolean committed;

    /** What one task is at. */
    private static final class Running {
        private final Queue<Split> reading = new ArrayDeque<>();
        private boolean asked;
        private boolean last;
    }

    SimulatedWorker(RandomPlan job, Random random, int failurePercent) {
        this.job = job;
        this.random = random;
        this.failurePercent = failurePercent;
    }

    void command(WorkerCommand command) {
        assertThat(releases)
                .as("nothing is asked after release, but %s", command)
                .isZero();
        if (command instanceof WorkerCommand.Release) {
            releases++;
        } else if (command instanceof WorkerCommand.Commit) {
            commits++;
            assertThat(commits).as("commits sent").isEqualTo(1);
        }
        commands.add(command);
    }

    /** One of the reports that are on their way, picked by chance. */
    WorkerReport takeReport() {
        return reports.remove(random.nextInt(reports.size()));
    }

    boolean hasReports() {
        return !reports.isEmpty();
    }

    boolean isIdle() {
        return commands.isEmpty() && tasks.isEmpty() && reports.isEmpty();
    }

    /** Obeys a command or moves a task. */
    void step() {
        WorkerCommand next = commands.peek();
        if (next != null && (tasks.isEmpty() || random.nextBoolean())) {
            commands.remove();
            obey(next);
        } else if (!tasks.isEmpty()) {
            List<TaskId> alive = List.copyOf(tasks.keySet());
            move(alive.get(random.nextInt(alive.size())));
        }
    }

    private void obey(WorkerCommand command) {
        if (command instanceof WorkerCommand.Prepare) {
            reports.add(
                    fails()
                            ? new WorkerReport.PrepareFailed(RandomPlan.JOB, BROKEN)
                            : new WorkerReport.Prepared(RandomPlan.JOB, job.splits()));
        } else if (command instanceof WorkerCommand.Deploy deploy) {
            assertThat(deployed).as("deployed once").isEqualTo(-1);
            deployed = deploy.tasks().size();
            deploy.tasks().forEach(task -> tasks.put(task, new Running()));
        } else if (command instanceof WorkerCommand.AssignSplits assign) {
            assign(assign);
        } else if (command instanceof WorkerCommand.Cancel) {
            cancelled = true;
        } else if (command instanceof WorkerCommand.Commit commit) {
            commit(commit);
        } else if (command instanceof WorkerCommand.Release release) {
            release(release);
        }
    }

    private void assign(WorkerCommand.AssignSplits command) {
        assertThat(command.splits()).as("splits handed out before").noneMatch(assigned::contains);
        assertThat(job.splits().getOrDefault(command.source(), List.of())).containsAll(command.splits());
        assigned.addAll(command.splits());
        Running task = tasks.get(command.task());
        if (task != null) {
            assertThat(task.last)
                    .as("told twice that there are no more")
                    .isIn(false, command.splits().isEmpty());
            task.reading.addAll(command.splits());
            task.last |= command.last();
            task.asked = false;
        }
    }

    private void commit(WorkerCommand.Commit command) {
        assertThat(tasks).as("tasks that run while committing").isEmpty();
        assertThat(ended).as("tasks that have finished").isEqualTo(deployed);
        assertThat(failed).as("a task failed before the commit").isFalse();
        assertThat(command.committables()).containsExactlyInAnyOrderElementsOf(sealed);
        job.splits().values().forEach(splits -> assertThat(assigned).containsAll(splits));
        committed = !fails();
        reports.add(
                committed
                        ? new WorkerReport.Committed(RandomPlan.JOB)
                        : new WorkerReport.CommitFailed(RandomPlan.JOB, BROKEN));
    }

    private void release(WorkerCommand.Release command) {
        assertThat(tasks).as("tasks that run while releasing").isEmpty();
        assertThat(command.discarded())
                .as("all or nothing")
                .containsExactlyInAnyOrderElementsOf(committed ? Set.of() : sealed);
        reports.add(new WorkerReport.Released(RandomPlan.JOB));
    }

    private void move(TaskId id) {
        Running task = tasks.get(id);
        if (task == null) {
            return;
        }
        if (cancelled) {
            end(id, random.nextInt(4) == 0 ? finished(id) : new TaskOutcome.Cancelled());
        } else if (random.nextInt(4) == 0 && fails()) {
            failed = true;
            end(id, new TaskOutcome.Failed(BROKEN));
        } else if (job.reads(id.stage())) {
            read(id, task);
        } else if (tasks.keySet().stream().noneMatch(other -> job.reads(other.stage()))) {
            end(id, finished(id));
        }
    }

    private void read(TaskId id, Running task) {
        Split next = task.reading.poll();
        if (next != null) {
            reports.add(new WorkerReport.SplitFinished(id, id.stage(), next.id()));
        } else if (task.last) {
            end(id, finished(id));
        } else if (!task.asked) {
            task.asked = true;
            reports.add(new WorkerReport.SplitsWanted(id, id.stage()));
        }
    }

    private TaskOutcome finished(TaskId id) {
        if (!job.writes(id.stage())) {
            return new TaskOutcome.Finished(List.of());
        }
        StageId sink = job.plan().chainOf(id.stage()).tail();
        Committable part = new Committable(sink, id.index(), id.toString());
        assertThat(sealed.add(part)).isTrue();
        return new TaskOutcome.Finished(List.of(part));
    }

    private void end(TaskId id, TaskOutcome outcome) {
        tasks.remove(id);
        ended++;
        reports.add(new WorkerReport.TaskEnded(id, outcome));
    }

    private boolean fails() {
        return random.nextInt(100) < failurePercent;
    }

    /** What must hold once the job has ended. */
    void checkEnd(boolean finished) {
        assertThat(releases).as("releases sent").isEqualTo(1);
        assertThat(tasks).isEmpty();
        assertThat(committed).as("published").isEqualTo(finished);
    }
}
