package io.solstice.worker.job;

import io.solstice.api.source.SourceDefinition;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Chain;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.channel.Exchange;
import io.solstice.worker.builtin.Connectors;
import io.solstice.worker.task.Cut;
import io.solstice.worker.task.OperatorMemory;
import io.solstice.worker.task.Roads;
import io.solstice.worker.task.SourceInput;
import io.solstice.worker.task.StageCounters;
import io.solstice.worker.task.Task;
import io.solstice.worker.task.Waker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of one run on this worker, each with a thread and memory of its own. One method is called at a time;
 * metrics may be read by any thread.
 */
final class TaskGroup {
    private static final Logger LOG = LoggerFactory.getLogger(TaskGroup.class);
    private static final long CANCEL_PATIENCE_MILLIS = 300;

    private final Deployment deployment;
    private final Consumer<WorkerReport> reports;
    private final Snapshots snapshots;
    private final AlignedSources aligned;
    private final Map<TaskId, RunningTask> tasks = new ConcurrentSkipListMap<>();
    private final List<BufferAllocator> allocators = new ArrayList<>();
    /** Tasks that were told to end while others go on. */
    private final List<RunningTask> left = new ArrayList<>();

    private boolean built;
    private boolean started;
    private boolean cancelling;

    /** A task with what others need to reach it. */
    private record RunningTask(
            Task task, @Nullable TaskParts parts, TaskRoads roads, Thread thread, Map<StageId, TaskContext> contexts) {}

    /** @param memory the run's own; {@link #close} gives back what was taken from it */
    TaskGroup(Deployment deployment, BufferAllocator memory, AlignedSources aligned, Consumer<WorkerReport> reports) {
        this.aligned = aligned;
        this.deployment = deployment;
        this.reports = reports;
        this.snapshots = new Snapshots(deployment.run(), deployment.beginning().storage(), reports);
        for (TaskId id : deployment.tasksHere()) {
            allocators.add(memory.newChildAllocator(id.toString(), 0, Long.MAX_VALUE));
        }
    }

    /** Makes the tasks and their channels; they can receive then, and begin with {@link #start}. */
    void build(Connectors connectors, Exchange exchange) {
        Map<TaskId, RoadMap.Ends> ends = new LinkedHashMap<>();
        for (TaskId id : deployment.tasksHere()) {
            ends.put(id, new RoadMap.Ends(new Waker(), allocators.get(ends.size())));
        }
        RoadMap roads = new RoadMap(deployment, exchange, id -> known(ends, id));
        ends.forEach((id, own) -> tasks.put(id, task(id, own, roads.of(id), connectors)));
        built = true;
    }

    private static RoadMap.Ends known(Map<TaskId, RoadMap.Ends> ends, TaskId id) {
        RoadMap.Ends known = ends.get(id);
        if (known == null) {
            throw new IllegalStateException("task " + id + " is not placed here");
        }
        return known;
    }

    private RunningTask task(TaskId id, RoadMap.Ends own, TaskRoads roads, Connectors connectors) {
        Chain chain = deployment.plan().chainOf(id.stage());
        Map<StageId, TaskContext> contexts = new LinkedHashMap<>();
        for (StageId stage : chain.stages()) {
            Roads out = roads.from(stage);
            contexts.put(stage, context(stage, id, own.allocator(), out == null ? null : out.late()));
        }
        Beginning beginning = deployment.beginning();
        TaskParts parts = beginning.isEnded(id)
                ? null
                : new TaskParts(
                        chain,
                        deployment,
                        connectors,
                        contexts,
                        own.waker(),
                        requests(id),
                        roads,
                        aligned.join(deployment.job().stage(chain.head())));
        Task task = new Task(id, parts == null ? new EndedParts(roads) : parts, own.waker(), listener(id, contexts));
        Thread thread = new Thread(task, "task " + id.stage() + "/" + id.index());
        thread.setDaemon(true);
        thread.setContextClassLoader(deployment.classes());
        return new RunningTask(task, parts, roads, thread, contexts);
    }

    private TaskContext context(StageId stage, TaskId task, BufferAllocator own, @Nullable Consumer<Batch> lateRows) {
        int parallelism = deployment.plan().chainOf(stage).parallelism().initial();
        return new TaskContext(
                deployment.run().job().value(),
                stage,
                task.index(),
                parallelism,
                deployment.beginning().keys().columns(stage),
                deployment.gpusOf(task),
                deployment.home(stage, task.index()),
                deployment.name(),
                deployment.inputs().get(stage),
                own,
                new OperatorMemory(
                        stage,
                        task.index(),
                        parallelism,
                        deployment.beginning().storage().left()),
                new StageCounters(),
                new DeadLetters(deployment.deadLetters(stage, task.index()), stage.value()),
                lateRows);
    }

    private SourceInput.SplitRequests requests(TaskId id) {
        return new SourceInput.SplitRequests() {
            /** Used by the thread that reads. */
            private long questions;

            @Override
            public void wanted(boolean ahead) {
                reports.accept(new WorkerReport.SplitsWanted(deployment.run(), id, id.stage(), ++questions, ahead));
            }

            @Override
            public void finished(Split split) {
                reports.accept(new WorkerReport.SplitFinished(deployment.run(), id, id.stage(), split.id()));
            }
        };
    }

    private Task.Listener listener(TaskId id, Map<StageId, TaskContext> contexts) {
        return new Task.Listener() {
            @Override
            public void cut(Cut cut) {
                snapshots.taken(id, cut);
            }

            @Override
            public void ended(TaskOutcome outcome) {
                TaskGroup.this.ended(id, contexts, outcome);
            }
        };
    }

    private void ended(TaskId id, Map<StageId, TaskContext> contexts, TaskOutcome outcome) {
        contexts.values().forEach(TaskContext::close);
        snapshots.ended(new WorkerReport.TaskEnded(deployment.run(), id, outcome));
    }

    void start() {
        if (built && !started) {
            started = true;
            tasks.values().forEach(this::start);
        }
    }

    /** A thread that cannot be had is a failure of the task like any other, not of the worker. */
    private void start(RunningTask running) {
        try {
            running.thread().start();
        } catch (OutOfMemoryError noThread) {
            TaskId id = running.task().id();
            SolsticeError error = ErrorCode.THREAD_LIMIT
                    .error("no thread for task " + id)
                    .where("job '" + id.job() + "', stage '" + id.stage() + "'")
                    .cause(String.valueOf(noThread.getMessage()))
                    .help("lower the parallelism, or raise the limit on threads (ulimit -u)");
            endUnstarted(running, new TaskOutcome.Failed(error));
        }
    }

    private void endUnstarted(RunningTask running, TaskOutcome outcome) {
        ended(running.task().id(), running.contexts(), running.task().close(outcome));
    }

    void assign(TaskId id, List<SplitStart> splits, boolean last) {
        RunningTask running = tasks.get(id);
        TaskParts parts = running == null ? null : running.parts();
        if (parts != null) {
            parts.assign(splits, last);
        }
    }

    /** Orders a cut of every task that reads a source; the others take theirs when the barrier reaches them. */
    void checkpoint(Barrier barrier, boolean last) {
        for (RunningTask running : tasks.values()) {
            StageId head = running.task().id().stage();
            if (deployment.job().stage(head).definition() instanceof SourceDefinition) {
                running.task().checkpoint(barrier, last);
            }
        }
    }

    /**
     * Asks all tasks to end; those that do not hear it, because user code holds them up, are interrupted soon after.
     */
    void cancel() {
        if (cancelling) {
            return;
        }
        cancelling = true;
        cancel(List.copyOf(tasks.values()), Task::cancel);
    }

    /** Asks those to end that have not been told to: a job that ends is cancelled first, so they begin again elsewhere. */
    void release() {
        if (!cancelling) {
            cancelling = true;
            cancel(List.copyOf(tasks.values()), Task::cancelToBeginAgain);
        }
    }

    /** Asks some of the tasks to end, which are not part of the group any more from now on. */
    void end(Set<TaskId> which) {
        List<RunningTask> leaving =
                which.stream().map(tasks::remove).filter(Objects::nonNull).toList();
        left.addAll(leaving);
        cancel(leaving, Task::cancelToBeginAgain);
    }

    private void cancel(List<RunningTask> which, Consumer<Task> how) {
        if (!started) {
            which.forEach(running -> endUnstarted(running, new TaskOutcome.Cancelled()));
            return;
        }
        which.forEach(running -> {
            snapshots.giveUp(running.task().id());
            how.accept(running.task());
        });
        Thread insisting = new Thread(() -> insist(which), "cancel " + deployment.run());
        insisting.setDaemon(true);
        // Not one of the job's, which would be told of as left behind.
        insisting.setContextClassLoader(TaskGroup.class.getClassLoader());
        insisting.start();
    }

    private static void insist(List<RunningTask> which) {
        try {
            for (RunningTask running : which) {
                running.thread().join(CANCEL_PATIENCE_MILLIS);
                while (running.thread().isAlive()) {
                    running.thread().interrupt();
                    running.thread().join(CANCEL_PATIENCE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end of all threads. */
    void join() {
        join(tasks.values());
        joinLeft();
    }

    /** Whether all of its tasks have left it, or it could not be built. */
    boolean isOver() {
        return !built || tasks.isEmpty();
    }

    /** Waits for the end of those that left the group. */
    void joinLeft() {
        join(left);
        left.clear();
    }

    private static void join(Collection<RunningTask> which) {
        try {
            for (RunningTask running : which) {
                running.thread().join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends what writes snapshots, and gives the memory back. The threads have ended. What an operator forgot shows here,
     * by the task that made it.
     */
    void close() {
        snapshots.close();
        for (BufferAllocator own : allocators) {
            long left = own.getAllocatedMemory();
            try {
                own.close();
            } catch (IllegalStateException leak) {
                LOG.error("{} left {} bytes off heap behind; an operator did not close a batch", own.getName(), left);
                LOG.debug("leak", leak);
            }
        }
    }

    List<TaskMetrics> metrics() {
        List<TaskMetrics> all = new ArrayList<>();
        for (RunningTask running : tasks.values()) {
            TaskId id = running.task().id();
            running.contexts().forEach((stage, context) -> {
                StageCounters counters = context.counters();
                Roads out = running.roads().from(stage);
                all.add(new TaskMetrics(
                        deployment.run(),
                        stage,
                        id.index(),
                        counters.input(),
                        counters.output(),
                        counters.skipped(),
                        counters.late(),
                        out == null ? 0 : out.waitingBytes(),
                        stage.equals(id.stage())
                                ? running.task().time()
                                : running.task().time().withoutHolder(),
                        out == null ? List.of() : out.frequentKeys(),
                        counters.state()));
            });
        }
        return all;
    }
}
