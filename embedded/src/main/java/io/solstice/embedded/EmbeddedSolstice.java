package io.solstice.embedded;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.JobId;
import io.solstice.common.loop.Clock;
import io.solstice.master.Master;
import io.solstice.worker.Worker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A master and a worker in this process, wired to each other. */
final class EmbeddedSolstice implements Solstice {
    private final Master master;
    private final Worker worker;
    private final Clock clock = Clock.SYSTEM;
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Map<JobId, EmbeddedJob> running = new ConcurrentHashMap<>();

    EmbeddedSolstice() {
        // Neither calls the other before a job is submitted, by when both are there.
        this.worker = new Worker(memoryLimitBytes(), report -> toMaster().report(report));
        this.master = new Master(worker::command);
    }

    private Master toMaster() {
        return master;
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

    @Override
    public JobHandle submit(Job job) {
        if (closed.get()) {
            throw ErrorCode.ENGINE_CLOSED
                    .error("this engine has been closed")
                    .help("start another with Solstice.embedded()")
                    .toException();
        }
        ChainPlan plan = ChainPlan.of(job.graph());
        EmbeddedJob handle = new EmbeddedJob(plan.graph(), master, worker, clock, () -> running.remove(job.id()));
        if (running.putIfAbsent(job.id(), handle) != null) {
            throw ErrorCode.JOB_EXISTS
                    .error("a job '" + job.id() + "' is running already")
                    .help("choose another job id, or wait for the end of the running job")
                    .toException();
        }
        job.attach(handle);
        worker.load(job, plan, runId(job.id()));
        master.submit(plan, handle);
        handle.awaitStart();
        return handle;
    }

    private String runId(JobId job) {
        return job + "-" + Long.toHexString(clock.wallMillis()) + "-" + runs.incrementAndGet();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        running.values().forEach(JobHandle::cancel);
        running.values().forEach(EmbeddedJob::awaitEndUninterruptibly);
        master.close();
        worker.close();
    }
}
