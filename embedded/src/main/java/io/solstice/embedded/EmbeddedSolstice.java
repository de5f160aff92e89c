package io.solstice.embedded;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.RestoreFrom;
import io.solstice.api.Solstice;
import io.solstice.common.config.Machine;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.exchange.memory.KeptMemory;
import io.solstice.master.Master;
import io.solstice.master.checkpoint.CheckpointShelf;
import io.solstice.master.checkpoint.StoredCheckpoint;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.cluster.KeptCheckpoints;
import io.solstice.master.job.RestartPolicy;
import io.solstice.master.journal.Journal;
import io.solstice.worker.Worker;
import io.solstice.worker.control.LinkTimes;
import io.solstice.worker.control.WorkerProfile;
import io.solstice.worker.job.Gpus;
import io.solstice.worker.job.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** A master and a worker in this process, wired to each other. */
final class EmbeddedSolstice implements Solstice {
    private static final String NAME = "embedded";
    /** In one process nobody falls silent alone: when one of the two stands still, so does the other. */
    private static final long EVER = Duration.ofDays(365).toMillis();
    /** There is one worker, so it takes every task, whatever the task says that it needs. */
    private static final Resources EVERYTHING = new Resources(4096, 4096, Long.MAX_VALUE >> 8);

    /** Nothing can be lost here but what the whole process loses; only systems outside may mend themselves. */
    private static final RestartPolicy RESTARTS = new RestartPolicy(3, 300_000);

    private final BufferAllocator memory = KeptMemory.allocator(memoryLimitBytes());
    private final LocalPrograms programs = new LocalPrograms();
    private final Master master;
    private final Worker worker;
    private final Clock clock = Clock.SYSTEM;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Map<RunId, EmbeddedJob> running = new ConcurrentHashMap<>();
    private final Map<RunId, Counters> last = new ConcurrentHashMap<>();

    /** What the tasks of a run have counted, and the off-heap bytes that it holds. */
    record Counters(List<TaskMetrics> tasks, long memoryBytes) {}

    EmbeddedSolstice() {
        ClusterSettings settings = new ClusterSettings(NAME, NAME, EVER, EVER, 100, RESTARTS, 60_000, 5);
        this.master = new Master(settings, Journal.NONE, clock, noJournalFails -> {});
        WorkerProfile profile =
                new WorkerProfile(new WorkerId(NAME), new Endpoint(NAME, 0), EVERYTHING, NAME, NAME, NAME);
        Gpus gpus = Gpus.shared(() -> Machine.local(System.getenv()).gpuIds());
        this.worker = new Worker(
                profile,
                new LinkTimes(EVER, EVER, EVER, EVER),
                new DirectPort(master, this::passing),
                new Surroundings(profile.worker(), programs, NoExchange.INSTANCE, null, memory, gpus),
                clock);
        worker.start();
    }

    /** Half of what the machine has: the rest is for heap, page cache and other processes. */
    private static long memoryLimitBytes() {
        java.lang.management.OperatingSystemMXBean system =
                java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        long physical = system instanceof com.sun.management.OperatingSystemMXBean detailed
                ? detailed.getTotalMemorySize()
                : 4L << 30;
        return Math.max(512L << 20, physical / 2);
    }

    /** The counters go with the run, so they are kept when the worker says that it has let go of it. */
    private void passing(WorkerReport report) {
        if (report instanceof WorkerReport.Released released) {
            last.put(released.run(), counters(released.run()));
        }
    }

    Counters counters(RunId run) {
        return new Counters(worker.metrics(run), worker.memoryBytes(run));
    }

    @Override
    public JobHandle submit(Job job, RestoreFrom restoreFrom) {
        if (closed.get()) {
            throw ErrorCode.ENGINE_CLOSED
                    .error("this engine has been closed")
                    .help("start another with Solstice.embedded()")
                    .toException();
        }
        JobGraph graph = job.graph();
        String request = requestId(job.id());
        programs.put(request, job);
        try {
            EmbeddedJob handle = follow(
                    graph,
                    new JobSpec(
                            graph,
                            program(job),
                            request,
                            NAME,
                            restoreFrom.checkpointOnWire(),
                            restoreFrom.renamedOnWire()));
            job.attach(handle);
            handle.awaitStart();
            return handle;
        } catch (SolsticeException refused) {
            programs.remove(request);
            throw refused;
        }
    }

    private static Program program(Job job) {
        return new Program(List.of(), "", Map.of(), job.stateBackend().toConfig());
    }

    private EmbeddedJob follow(JobGraph graph, JobSpec spec) {
        RunId run = accepted(spec);
        EmbeddedJob handle = new EmbeddedJob(graph, run, this, clock);
        running.put(run, handle);
        handle.whenEnded(() -> {
            running.remove(run);
            programs.remove(spec.requestId());
        });
        master.watch(run, handle);
        return handle;
    }

    private RunId accepted(JobSpec spec) {
        return answer(master.submit(spec)).run();
    }

    private String requestId(JobId job) {
        return job + "-" + Long.toHexString(clock.wallMillis()) + "-" + requests.incrementAndGet();
    }

    void cancel(RunId run) {
        master.cancel(run);
    }

    String checkpoint(RunId run, boolean last) {
        return answer(master.checkpoint(run, last)).value();
    }

    List<String> listCheckpoints(RunId run) {
        return answer(master.job(run).thenCompose(job -> master.checkpoints(job.spec(), CheckpointShelf::ids)));
    }

    List<String> cleanupCheckpoints(RunId run, int keepLast) {
        if (keepLast < 0) {
            throw ErrorCode.OPTION_INVALID
                    .error("the newest " + keepLast + " checkpoints cannot be kept")
                    .where("keepLast")
                    .help("give 0 or more")
                    .toException();
        }
        return answer(master.job(run)
                .thenCompose(job -> master.checkpoints(job.spec(), shelf -> {
                    List<StoredCheckpoint> stored = shelf.all();
                    List<CheckpointId> gone = KeptCheckpoints.allBut(keepLast, KeptCheckpoints.by(job, stored), stored);
                    shelf.delete(gone);
                    return gone.stream().map(CheckpointId::value).toList();
                })));
    }

    private static <T> T answer(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException refused) {
            throw SolsticeException.of(refused);
        }
    }

    /** The counters that an ended run left, once. */
    @Nullable
    Counters takeLast(RunId run) {
        Counters counters = last.get(run);
        last.keySet().removeIf(old -> old.job().equals(run.job()) && old.generation() <= run.generation());
        return counters;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        running.values().forEach(JobHandle::cancel);
        running.values().forEach(EmbeddedJob::awaitEndUninterruptibly);
        worker.close();
        master.close();
        memory.close();
    }
}
