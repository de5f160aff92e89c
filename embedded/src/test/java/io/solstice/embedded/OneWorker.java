package io.solstice.embedded;

import io.solstice.common.graph.Resources;
import io.solstice.common.id.WorkerId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSpec;
import io.solstice.master.Master;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.journal.Journal;
import io.solstice.worker.Worker;
import io.solstice.worker.code.ProgramLoader;
import io.solstice.worker.control.LinkTimes;
import io.solstice.worker.control.WorkerProfile;
import io.solstice.worker.job.Gpus;
import io.solstice.worker.job.Surroundings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** A master with one worker, which comes to its jobs' code as one of a cluster does. */
final class OneWorker implements AutoCloseable {
    private final BufferAllocator memory = new RootAllocator(1L << 30);
    private final Master master;
    private final Worker worker;

    OneWorker(ProgramLoader programs) {
        this.master = new Master(
                new ClusterSettings("test", "1", 60_000, 60_000, 10), Journal.NONE, Clock.SYSTEM, failure -> {});
        WorkerProfile profile = new WorkerProfile(
                new WorkerId("one"), new Endpoint("one", 0), new Resources(8, 0, 8L << 30), "1", "test", "test");
        this.worker = new Worker(
                profile,
                LinkTimes.DEFAULT,
                new DirectPort(master, report -> {}),
                new Surroundings(profile.worker(), programs, NoExchange.INSTANCE, null, memory, Gpus.named(List.of())),
                Clock.SYSTEM);
        worker.start();
    }

    /** Done when the job has ended. */
    CompletableFuture<JobSnapshot> submit(JobSpec spec) {
        CompletableFuture<JobSnapshot> ended = new CompletableFuture<>();
        master.submit(spec)
                .thenAccept(accepted -> master.watch(accepted.run(), news -> {
                    if (news.state().isTerminal()) {
                        ended.complete(news);
                    }
                }))
                .exceptionally(refused -> {
                    ended.completeExceptionally(refused);
                    return null;
                });
        return ended;
    }

    long memoryBytes() {
        return memory.getAllocatedMemory();
    }

    @Override
    public void close() {
        worker.close();
        master.close();
        memory.close();
    }
}
