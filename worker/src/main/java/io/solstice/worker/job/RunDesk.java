package io.solstice.worker.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a worker's decisions about runs become deeds. Commands are carried out beside the worker's event loop, since
 * they may wait for disks and networks: on one thread for each job, so that a newer run of it begins when the older is
 * gone, and what user code leaves in a thread ends with the job.
 * Called by the event loop; metrics may be read by any thread.
 */
public final class RunDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunDesk.class);

    private final Surroundings around;
    private final Consumer<WorkerReport> reports;
    private final LeftTables left;
    private final Map<JobId, EventLoop> threads = new HashMap<>();
    private final Map<RunId, JobRuntime> runs = new ConcurrentHashMap<>();

    /** @param reports told by any thread what came of the commands; must not block */
    public RunDesk(Surroundings around, Consumer<WorkerReport> reports) {
        this.around = around;
        this.reports = reports;
        this.left = new LeftTables(around.memory());
    }

    /** Lets go of what tasks left that nobody has asked for. @param nanos on a clock that never goes back */
    public void tick(long nanos) {
        left.tick(nanos);
    }

    public void carryOut(WorkerCommand command) {
        RunId id = command.run();
        try {
            JobRuntime run = runs.computeIfAbsent(id, missing -> new JobRuntime(missing, around, left, reports));
            threads.computeIfAbsent(id.job(), RunDesk::thread).submit(() -> run.carryOut(command));
            if (command instanceof WorkerCommand.Cancel || command instanceof WorkerCommand.Release) {
                run.interruptLoading();
            }
        } catch (RuntimeException | OutOfMemoryError failure) {
            LOG.warn("a command of run {} could not be carried out: {}", id, failure.toString());
            refuse(command, failure);
        }
    }

    private static EventLoop thread(JobId job) {
        return new EventLoop("worker job " + job, defect -> LOG.error("a defect of job {}", job, defect));
    }

    /** The master waits for an answer to each of these, so a command that cannot even begin gets one too. */
    private void refuse(WorkerCommand command, Throwable failure) {
        SolsticeError error = failure instanceof OutOfMemoryError
                ? ErrorCode.THREAD_LIMIT
                        .error("the worker has no thread for job '"
                                + command.run().job() + "'")
                        .cause(String.valueOf(failure.getMessage()))
                        .help("raise the limit on threads (ulimit -u), or run fewer jobs at a time")
                : SolsticeException.of(failure).error();
        if (command instanceof WorkerCommand.Prepare) {
            reports.accept(new WorkerReport.PrepareFailed(command.run(), error));
        } else if (command instanceof WorkerCommand.Deploy) {
            reports.accept(new WorkerReport.DeployFailed(command.run(), error));
        } else if (command instanceof WorkerCommand.Commit commit) {
            reports.accept(
                    new WorkerReport.CommitFailed(command.run(), commit.point().epoch(), error));
        } else if (command instanceof WorkerCommand.Release) {
            reports.accept(new WorkerReport.Released(command.run()));
        }
    }

    /** A run has been released. The thread ends with the last run of its job, and with it what the job left in it. */
    public void forget(RunId run) {
        runs.remove(run);
        if (runs.keySet().stream().noneMatch(other -> other.job().equals(run.job()))) {
            EventLoop thread = threads.remove(run.job());
            if (thread != null) {
                thread.close();
            }
        }
    }

    /** The counters of all tasks of all runs. */
    public List<TaskMetrics> metrics() {
        List<TaskMetrics> all = new ArrayList<>();
        runs.values().forEach(run -> all.addAll(run.metrics()));
        return all;
    }

    /** The counters of all tasks of a run; empty if it is not here. */
    public List<TaskMetrics> metrics(RunId run) {
        JobRuntime runtime = runs.get(run);
        return runtime == null ? List.of() : runtime.metrics();
    }

    /** How far tasks on other workers have come whose times those here are to stay near. */
    public void align(List<GroupTime> others) {
        for (GroupTime time : others) {
            JobRuntime run = runs.get(time.run());
            if (run != null) {
                run.align(time);
            }
        }
    }

    /** Off-heap bytes that a run holds. */
    public long memoryBytes(RunId run) {
        JobRuntime runtime = runs.get(run);
        return runtime == null ? 0 : runtime.memoryBytes();
    }

    /** Off-heap bytes that are in use on this worker. */
    public long memoryBytes() {
        return around.memory().getAllocatedMemory();
    }

    /** Waits for what is being carried out. */
    @Override
    public void close() {
        threads.values().forEach(EventLoop::close);
        threads.clear();
        left.close();
    }
}
