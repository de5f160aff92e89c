package io.solstice.master;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.JobId;
import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.master.job.JobCoordinator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the jobs and decides about them, on its one event loop; the deciding itself is pure and in
 * {@link JobCoordinator}. It sees job graphs, never user code or data.
 */
public final class Master implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Master.class);

    private final EventLoop loop = new EventLoop("master", defect -> LOG.error("a defect of the master", defect));
    private final Consumer<WorkerCommand> worker;
    private final Map<JobId, Led> jobs = new HashMap<>();

    /** A job and who wants to know how it goes. */
    private record Led(JobCoordinator coordinator, Consumer<JobSnapshot> listener) {}

    /** @param worker where commands go; must not block */
    public Master(Consumer<WorkerCommand> worker) {
        this.worker = worker;
    }

    /**
     * Starts a job.
     *
     * @param listener told of every change, on the master's thread; must not block
     */
    public void submit(ChainPlan plan, Consumer<JobSnapshot> listener) {
        loop.submit(() -> {
            JobId id = plan.graph().job();
            Led led = new Led(new JobCoordinator(plan), listener);
            if (jobs.putIfAbsent(id, led) != null) {
                throw ErrorCode.JOB_EXISTS
                        .error("job '" + id + "' is already running")
                        .toException();
            }
            act(led, led.coordinator()::start);
        });
    }

    public void cancel(JobId id) {
        loop.submit(() -> {
            Led led = jobs.get(id);
            if (led != null) {
                act(led, led.coordinator()::cancel);
            }
        });
    }

    /** Called by any thread; never blocks. */
    public void report(WorkerReport report) {
        loop.submit(() -> {
            Led led = jobs.get(report.job());
            if (led != null) {
                act(led, () -> led.coordinator().on(report));
            }
        });
    }

    /** Listeners hear of a change before the worker does, so that nobody sees its effects first. */
    private void act(Led led, Supplier<List<WorkerCommand>> decision) {
        List<WorkerCommand> commands = decision.get();
        if (led.coordinator().state().isTerminal()) {
            jobs.remove(led.coordinator().snapshot().job());
        }
        led.listener().accept(led.coordinator().snapshot());
        commands.forEach(worker);
    }

    @Override
    public void close() {
        loop.close();
    }
}
