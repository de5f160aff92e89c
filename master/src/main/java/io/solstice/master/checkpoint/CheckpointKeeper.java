package io.solstice.master.checkpoint;

import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import io.solstice.master.job.StoreAnswer;
import io.solstice.master.job.StoreRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what jobs want from the stores of their checkpoints, beside the master's loop: for each job one thing after the
 * other, so that a store that hangs holds up its own jobs alone.
 */
public final class CheckpointKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointKeeper.class);
    private static final long CLOSING_SECS = 10;
    /** No object takes that long to write. */
    private static final Duration DRAFT_AGE = Duration.ofDays(1);

    private final BiConsumer<RunId, StoreAnswer> answers;
    private final Clock clock;
    private final CheckpointDesk desk;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> thread("master-checkpoints", task));
    private final ExecutorService drafts = Executors.newCachedThreadPool(task -> thread("master-drafts", task));
    /** When the drafts of each state backend were last removed. */
    private final Map<Map<String, String>, Long> draftsSwept = new ConcurrentHashMap<>();

    /**
     * What each job waits for, whatever run of it: one that begins with what another one has made sees what that one was
     * about to write when it ended. Owned by the thread that carries out decisions.
     */
    private final Map<JobId, CompletableFuture<Void>> queues = new HashMap<>();

    private final Map<Map<String, String>, ObjectStore> stores = new ConcurrentHashMap<>();

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * @param maxAgeMillis completed checkpoints that are older are deleted when there is a newer one; 0 for none
     * @param answers told by any thread; must not block
     */
    public CheckpointKeeper(Clock clock, long maxAgeMillis, BiConsumer<RunId, StoreAnswer> answers) {
        this.clock = clock;
        this.answers = answers;
        String writer = UUID.randomUUID().toString();
        this.desk = new CheckpointDesk(
                this::store, writer, clock::wallMillis, maxAgeMillis, this::sweepDrafts, LogParts.USUAL);
    }

    /** Called by the thread that carries out the master's decisions. */
    public void carryOut(RunId run, JobSpec spec, StoreRequest request) {
        queues.values().removeIf(CompletableFuture::isDone);
        JobId job = run.job();
        CompletableFuture<Void> before = queues.getOrDefault(job, CompletableFuture.completedFuture(null));
        queues.put(job, before.thenRunAsync(() -> serve(run, spec, request), threads));
    }

    private void serve(RunId run, JobSpec spec, StoreRequest request) {
        StoreAnswer answer = desk.serve(spec, request);
        if (answer != null) {
            answers.accept(run, answer);
        }
    }

    /** Does something with the checkpoints that a job has. Any thread. */
    public <T> CompletableFuture<T> ask(JobSpec spec, Function<CheckpointShelf, T> question) {
        return CompletableFuture.supplyAsync(() -> desk.ask(spec, question), threads);
    }

    private ObjectStore store(JobSpec spec) {
        return stores.computeIfAbsent(spec.program().stateBackend(), ObjectStores::open);
    }

    /** What writers that died had begun to write, of all jobs; not more often than such a thing grows old enough. */
    private void sweepDrafts(JobSpec spec) {
        long now = clock.monotonicNanos();
        Long before = draftsSwept.get(spec.program().stateBackend());
        if (before == null || now - before > DRAFT_AGE.toNanos()) {
            draftsSwept.put(spec.program().stateBackend(), now);
            drafts.execute(() -> {
                try (ObjectStore store = ObjectStores.open(spec.program().stateBackend())) {
                    LOG.debug("removed {} unfinished objects", store.sweep(DRAFT_AGE));
                } catch (RuntimeException failed) {
                    LOG.warn("unfinished objects of writers that died could not be removed: {}", failed.toString());
                }
            });
        }
    }

    /** Waits a while for what is being done, though not for the removal of drafts, which goes on another day. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_SECS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        drafts.shutdownNow();
        stores.values().forEach(ObjectStore::close);
    }
}
