package io.solstice.worker.job;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkDefinition;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.Chain;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.worker.builtin.Connectors;
import io.solstice.worker.task.SourceInput;
import io.solstice.worker.task.StageCounters;
import io.solstice.worker.task.Task;
import io.solstice.worker.task.UserFailure;
import io.solstice.worker.task.Waker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker holds of one job, from its preparation to its release. The worker calls one method at a time; metrics
 * may be read by any thread.
 */
public final class JobRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(JobRuntime.class);
    private static final long CANCEL_PATIENCE_MILLIS = 300;

    private final Job job;
    private final ChainPlan plan;
    private final String runId;
    private final Connectors connectors;
    private final BufferAllocator allocator;
    private final Path deadLetterFolder;
    private final Consumer<WorkerReport> reports;
    private final Map<TaskId, RunningTask> tasks = new ConcurrentHashMap<>();
    private final List<BufferAllocator> taskAllocators = new ArrayList<>();
    private volatile @Nullable JobPlan prepared;
    private boolean cancelling;

    /** A task with what others need to reach it. */
    private record RunningTask(Task task, TaskParts parts, Thread thread, Map<StageId, TaskContext> contexts) {}

    /**
     * @param allocator the job's own; closed with the job
     * @param deadLetterFolder where records that are set aside go
     */
    public JobRuntime(
            Job job,
            ChainPlan plan,
            String runId,
            Connectors connectors,
            BufferAllocator allocator,
            Path deadLetterFolder,
            Consumer<WorkerReport> reports) {
        this.job = job;
        this.plan = plan;
        this.runId = runId;
        this.connectors = connectors;
        this.allocator = allocator;
        this.deadLetterFolder = deadLetterFolder;
        this.reports = reports;
    }

    /** Checks the job against the outside world; may wait for disks and networks. */
    public void prepare() {
        try {
            JobPlan checked = JobPlan.prepare(job, plan.graph(), connectors);
            prepared = checked;
            reports.accept(new WorkerReport.Prepared(job.id(), checked.splits()));
        } catch (Throwable failure) {
            LOG.debug("job {} cannot run", job.id(), failure);
            reports.accept(new WorkerReport.PrepareFailed(
                    job.id(), SolsticeException.of(failure).error()));
        }
    }

    /** Starts the tasks, each on a thread of its own. All tasks of the job must be given at once. */
    public void deploy(List<TaskId> ids) {
        Map<TaskId, Waker> wakers = new HashMap<>();
        Map<TaskId, BufferAllocator> allocators = new HashMap<>();
        for (TaskId id : ids) {
            wakers.put(id, new Waker());
            BufferAllocator own = allocator.newChildAllocator(id.toString(), 0, Long.MAX_VALUE);
            allocators.put(id, own);
            taskAllocators.add(own);
        }
        RoadMap roads = new RoadMap(plan, id -> known(wakers, id), id -> known(allocators, id));
        for (TaskId id : ids) {
            tasks.put(id, task(id, known(wakers, id), known(allocators, id), roads.of(id)));
        }
        tasks.values().forEach(this::start);
    }

    /** A thread that cannot be had is a failure of the task like any other, not of the worker. */
    private void start(RunningTask running) {
        try {
            running.thread().start();
        } catch (OutOfMemoryError noThread) {
            SolsticeError error = ErrorCode.THREAD_LIMIT
                    .error("no thread for task " + running.task().id())
                    .where("job '" + job.id() + "', stage '"
                            + running.task().id().stage() + "'")
                    .cause(String.valueOf(noThread.getMessage()))
                    .help("lower the parallelism, or raise the limit on threads (ulimit -u)");
            reports.accept(new WorkerReport.TaskEnded(
                    running.task().id(), running.task().close(new TaskOutcome.Failed(error))));
        }
    }

    private static <T> T known(Map<TaskId, T> map, TaskId id) {
        T value = map.get(id);
        if (value == null) {
            throw new IllegalStateException("task " + id + " was not deployed");
        }
        return value;
    }

    private RunningTask task(TaskId id, Waker waker, BufferAllocator own, TaskRoads roads) {
        Chain chain = plan.chainOf(id.stage());
        Map<StageId, TaskContext> contexts = new LinkedHashMap<>();
        for (StageId stage : chain.stages()) {
            contexts.put(stage, context(stage, id, own));
        }
        TaskParts parts = new TaskParts(chain, job::stage, connectors, contexts, waker, requests(id), roads);
        Task task = new Task(id, parts, waker, outcome -> {
            contexts.values().forEach(TaskContext::close);
            reports.accept(new WorkerReport.TaskEnded(id, outcome));
        });
        Thread thread = new Thread(task, "task " + id.stage() + "/" + id.index());
        thread.setDaemon(true);
        return new RunningTask(task, parts, thread, contexts);
    }

    private TaskContext context(StageId stage, TaskId task, BufferAllocator own) {
        JobPlan checked = prepared;
        Path file = deadLetterFolder.resolve(runId + "-" + stage + "-" + task.index() + ".jsonl");
        return new TaskContext(
                job.id().value(),
                stage,
                task.index(),
                plan.chainOf(stage).parallelism().initial(),
                runId,
                checked == null ? null : checked.input(stage),
                own,
                new StageCounters(),
                new DeadLetters(file, stage.value()));
    }

    private SourceInput.SplitRequests requests(TaskId id) {
        return new SourceInput.SplitRequests() {
            @Override
            public void wanted() {
                reports.accept(new WorkerReport.SplitsWanted(id, id.stage()));
            }

            @Override
            public void finished(Split split) {
                reports.accept(new WorkerReport.SplitFinished(id, id.stage(), split.id()));
            }
        };
    }

    public void assign(TaskId id, List<Split> splits, boolean last) {
        RunningTask running = tasks.get(id);
        if (running != null) {
            running.parts().assign(splits, last);
        }
    }

    /**
     * Asks all tasks to end; those that do not hear it, because user code holds them up, are interrupted soon after.
     */
    public void cancel() {
        tasks.values().forEach(running -> running.task().cancel());
        if (!cancelling) {
            cancelling = true;
            Thread insisting = new Thread(this::insist, "cancel " + job.id());
            insisting.setDaemon(true);
            insisting.start();
        }
    }

    private void insist() {
        try {
            for (RunningTask running : tasks.values()) {
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

    /** Publishes what was sealed, sink by sink; may wait for disks and networks. */
    public void commit(List<Committable> committables) {
        try {
            for (Stage stage : sinks()) {
                List<Committable> own = of(stage.id(), committables);
                withSink(stage, sink -> sink.commit(own));
            }
            reports.accept(new WorkerReport.Committed(job.id()));
        } catch (Throwable failure) {
            LOG.debug("job {} could not commit", job.id(), failure);
            reports.accept(
                    new WorkerReport.CommitFailed(job.id(), commitError(failure).error()));
        }
    }

    private SolsticeException commitError(Throwable failure) {
        SolsticeException coded = SolsticeException.of(failure);
        return coded.code() != ErrorCode.INTERNAL
                ? coded.within("job '" + job.id() + "'")
                : ErrorCode.COMMIT_FAILED
                        .error("the results could not be published")
                        .where("job '" + job.id() + "'")
                        .cause(failure.toString())
                        .help("mend the cause and run the job again; nothing was lost at the source")
                        .toException(failure);
    }

    /** Removes what was sealed in vain, ends threads and gives back all memory; may wait. */
    public void release(List<Committable> discarded) {
        for (Stage stage : sinks()) {
            List<Committable> own = of(stage.id(), discarded);
            if (!own.isEmpty()) {
                try {
                    withSink(stage, sink -> sink.discard(own));
                } catch (Throwable failure) {
                    LOG.warn("stage {} left staged output behind: {}", stage.id(), failure.toString());
                }
            }
        }
        tasks.values().forEach(running -> joinQuietly(running.thread()));
        closeAllocators();
        reports.accept(new WorkerReport.Released(job.id()));
    }

    private static void joinQuietly(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Memory that an operator forgot shows here, by the task that made it. */
    private void closeAllocators() {
        for (BufferAllocator own : taskAllocators) {
            long left = own.getAllocatedMemory();
            try {
                own.close();
            } catch (IllegalStateException leak) {
                LOG.error("{} left {} bytes off heap behind; an operator did not close a batch", own.getName(), left);
                LOG.debug("leak", leak);
            }
        }
        try {
            allocator.close();
        } catch (IllegalStateException leak) {
            LOG.debug("leak", leak);
        }
    }

    private List<Stage> sinks() {
        return job.stages().stream()
                .filter(stage -> stage.definition() instanceof SinkDefinition)
                .toList();
    }

    private static List<Committable> of(StageId stage, List<Committable> all) {
        return all.stream().filter(part -> part.stage().equals(stage)).toList();
    }

    /** Something to be done with a sink. */
    @FunctionalInterface
    private interface SinkWork {
        void run(Sink sink) throws Exception;
    }

    private void withSink(Stage stage, SinkWork work) throws Exception {
        try (Sink sink = connectors.sink((SinkDefinition) stage.definition())) {
            work.run(sink);
        } catch (Exception failure) {
            throw UserFailure.located(failure, "stage '" + stage.id() + "'");
        }
    }

    /** The counters of one stage, summed over its tasks. */
    public StageTotals totals(StageId stage) {
        StageTotals totals = new StageTotals(0, 0, 0, 0, 0);
        for (RunningTask running : tasks.values()) {
            TaskContext context = running.contexts().get(stage);
            if (context != null) {
                boolean tail = plan.chainOf(stage).tail().equals(stage);
                totals = totals.plus(context.counters(), tail ? running.task().waitingBytes() : 0);
            }
        }
        return totals;
    }

    public long memoryBytes() {
        return allocator.getAllocatedMemory();
    }

    /** Where the records are that were set aside, if there are any. */
    public Path deadLetterFolder() {
        return deadLetterFolder;
    }
}
