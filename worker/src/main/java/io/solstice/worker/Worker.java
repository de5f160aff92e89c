package io.solstice.worker;

import io.solstice.api.Job;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.JobId;
import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.worker.builtin.Connectors;
import io.solstice.worker.job.JobRuntime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands from a master and reports what came of them. Its event loop owns the jobs; what may wait for a disk or
 * a network (preparing, committing, releasing) runs beside it, one such thing at a time for a job.
 */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final EventLoop loop = new EventLoop("worker", defect -> LOG.error("a defect of the worker", defect));
    private final ExecutorService beside;
    private final Connectors connectors = new Connectors();
    private final BufferAllocator memory;
    private final Consumer<WorkerReport> master;
    private final Map<JobId, JobRuntime> jobs = new HashMap<>();
    /** The same jobs for readers of metrics, who are on other threads. */
    private final Map<JobId, JobRuntime> visible = new ConcurrentHashMap<>();

    /**
     * @param memoryLimitBytes the most off-heap memory that all jobs together may hold
     * @param master where reports go; must not block
     */
    public Worker(long memoryLimitBytes, Consumer<WorkerReport> master) {
        this.memory = new RootAllocator(memoryLimitBytes);
        this.master = master;
        AtomicInteger number = new AtomicInteger();
        this.beside = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "worker-io-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Brings a job's code; its commands follow. */
    public void load(Job job, ChainPlan plan, String runId) {
        BufferAllocator own = memory.newChildAllocator("job " + job.id(), 0, memory.getLimit());
        JobRuntime runtime = new JobRuntime(
                job,
                plan,
                runId,
                connectors,
                own,
                job.stateBackend().deadLetters(job.id().value()),
                master);
        visible.put(job.id(), runtime);
        loop.submit(() -> jobs.put(job.id(), runtime));
    }

    /** Called by any thread; never blocks. */
    public void command(WorkerCommand command) {
        loop.submit(() -> {
            JobRuntime job = jobs.get(command.job());
            if (job == null) {
                LOG.debug("{} is for a job that is not here", command);
                return;
            }
            try {
                carryOut(command, job);
            } catch (Throwable failure) {
                LOG.debug("{} could not be carried out", command, failure);
                refuse(command, job, SolsticeException.of(failure).error());
            }
        });
    }

    /** The master waits for an answer to each of these, so a command that cannot even begin gets one too. */
    private void refuse(WorkerCommand command, JobRuntime job, SolsticeError error) {
        if (command instanceof WorkerCommand.Prepare) {
            master.accept(new WorkerReport.PrepareFailed(command.job(), error));
        } else if (command instanceof WorkerCommand.Deploy deploy) {
            deploy.tasks()
                    .forEach(task -> master.accept(new WorkerReport.TaskEnded(task, new TaskOutcome.Failed(error))));
        } else if (command instanceof WorkerCommand.Commit) {
            master.accept(new WorkerReport.CommitFailed(command.job(), error));
        } else if (command instanceof WorkerCommand.Release release) {
            job.release(release.discarded());
        }
    }

    private void carryOut(WorkerCommand command, JobRuntime job) {
        if (command instanceof WorkerCommand.Prepare) {
            beside.execute(job::prepare);
        } else if (command instanceof WorkerCommand.Deploy deploy) {
            job.deploy(deploy.tasks());
        } else if (command instanceof WorkerCommand.AssignSplits assign) {
            job.assign(assign.task(), assign.splits(), assign.last());
        } else if (command instanceof WorkerCommand.Cancel) {
            job.cancel();
        } else if (command instanceof WorkerCommand.Commit commit) {
            beside.execute(() -> job.commit(commit.committables()));
        } else if (command instanceof WorkerCommand.Release release) {
            jobs.remove(command.job());
            beside.execute(() -> job.release(release.discarded()));
        }
    }

    /** The job's counters, also while it ends; null if it is not here. */
    public @Nullable JobRuntime job(JobId id) {
        return visible.get(id);
    }

    /** Lets go of an ended job's counters. */
    public void forget(JobId id) {
        visible.remove(id);
    }

    /** Off-heap bytes that all jobs hold now. */
    public long memoryBytes() {
        return memory.getAllocatedMemory();
    }

    /** Call when every job has been released. */
    @Override
    public void close() {
        loop.close();
        beside.shutdown();
        try {
            beside.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        memory.close();
    }
}
