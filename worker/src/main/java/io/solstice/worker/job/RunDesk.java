package io.solstice.worker.job;

import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.exchange.channel.Exchange;
import io.solstice.worker.builtin.Connectors;
import io.solstice.worker.code.ProgramLoader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Where a worker's decisions about runs become deeds. Commands are carried out beside the worker's event loop, since
 * they may wait for disks and networks: one at a time for a job, so that a newer run of it begins when the older is gone.
 * Called by the event loop; metrics may be read by any thread.
 */
public final class RunDesk implements AutoCloseable {
    private final Surroundings around;
    private final Consumer<WorkerReport> reports;
    private final ExecutorService beside;
    private final Map<JobId, SerialQueue> queues = new HashMap<>();
    private final Map<RunId, JobRuntime> runs = new ConcurrentHashMap<>();

    /** @param reports told by any thread what came of the commands; must not block */
    public RunDesk(
            WorkerId self,
            ProgramLoader programs,
            Exchange exchange,
            BufferAllocator memory,
            Consumer<WorkerReport> reports) {
        this.around = new Surroundings(self, programs, new Connectors(null), exchange, memory);
        this.reports = reports;
        AtomicInteger number = new AtomicInteger();
        this.beside = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "worker-io-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    public void carryOut(WorkerCommand command) {
        RunId id = command.run();
        JobRuntime run = runs.computeIfAbsent(id, missing -> new JobRuntime(missing, around, reports));
        queues.computeIfAbsent(id.job(), job -> new SerialQueue(beside)).submit(() -> run.carryOut(command));
    }

    /** A run has been released. */
    public void forget(RunId run) {
        runs.remove(run);
        if (runs.keySet().stream().noneMatch(other -> other.job().equals(run.job()))) {
            queues.remove(run.job());
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
        beside.shutdown();
        try {
            beside.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
