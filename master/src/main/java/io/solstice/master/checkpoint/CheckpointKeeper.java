package io.solstice.master.checkpoint;

import io.solstice.common.error.SolsticeException;
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
import java.util.function.Supplier;
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

    private final String writer = UUID.randomUUID().toString();
    private final BiConsumer<RunId, StoreAnswer> answers;
    private final Clock clock;
    private final long maxAgeMillis;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> thread("master-checkpoints", task));
    private final ExecutorService drafts = Executors.newCachedThreadPool(task -> thread("master-drafts", task));
    /** When the drafts of each state backend were last removed. */
    private final Map<Map<String, String>, Long> draftsSwept = new ConcurrentHashMap<>();

    /** What each job waits for. Owned by the thread that carries out decisions. */
    private final Map<RunId, CompletableFuture<Void>> queues = new HashMap<>();

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
        this.maxAgeMillis = maxAgeMillis;
        this.answers = answers;
    }

    /** Called by the thread that carries out the master's decisions. */
    public void carryOut(RunId run, JobSpec spec, StoreRequest request) {
        queues.values().removeIf(CompletableFuture::isDone);
        CompletableFuture<Void> before = queues.getOrDefault(run, CompletableFuture.completedFuture(null));
        queues.put(run, before.thenRunAsync(() -> serve(run, spec, request), threads));
    }

    private void serve(RunId run, JobSpec spec, StoreRequest request) {
        if (request instanceof StoreRequest.Load load) {
            answers.accept(run, load(spec, () -> log(spec).load(load.which()), "--restore-from " + load.which()));
        } else if (request instanceof StoreRequest.Regain regain) {
            answers.accept(run, load(spec, () -> log(spec).regain(regain), "its newest checkpoint"));
        } else if (request instanceof StoreRequest.Publish publish) {
            answers.accept(run, publish(spec, publish));
        } else if (request instanceof StoreRequest.Mark mark) {
            mark(spec, mark);
            answers.accept(run, new StoreAnswer.Marked());
        } else if (request instanceof StoreRequest.Retain retain) {
            retain(spec, retain);
        }
    }

    /** Does something with the checkpoints that a job has. Any thread. */
    public <T> CompletableFuture<T> ask(JobSpec spec, Function<CheckpointShelf, T> question) {
        return CompletableFuture.supplyAsync(
                () -> question.apply(new CheckpointShelf(store(spec), log(spec))), threads);
    }

    private ObjectStore store(JobSpec spec) {
        return stores.computeIfAbsent(spec.program().stateBackend(), ObjectStores::open);
    }

    private CheckpointLog log(JobSpec spec) {
        return new CheckpointLog(store(spec), spec.job(), writer, spec.requestId());
    }

    private StoreAnswer load(JobSpec spec, Supplier<StoreAnswer> loading, String what) {
        try {
            return loading.get();
        } catch (RuntimeException failed) {
            return new StoreAnswer.NotLoaded(
                    SolsticeException.of(failed).error().within("job '" + spec.job() + "', " + what));
        }
    }

    private StoreAnswer publish(JobSpec spec, StoreRequest.Publish publish) {
        CheckpointLog log;
        try {
            log = log(spec);
        } catch (RuntimeException failed) {
            return new StoreAnswer.NotPublished(SolsticeException.of(failed).error());
        }
        try {
            StoreAnswer answer = log.publish(publish.after(), publish.manifest());
            LOG.debug("{}: {}", publish.manifest().id(), answer);
            return answer;
        } catch (RuntimeException failed) {
            LOG.warn(
                    "checkpoint {} of job {} could not be stored",
                    publish.manifest().id(),
                    spec.job(),
                    failed);
            return new StoreAnswer.Undecided(SolsticeException.of(failed).error());
        }
    }

    private void mark(JobSpec spec, StoreRequest.Mark mark) {
        try {
            log(spec).mark(mark.number(), mark.manifest());
        } catch (RuntimeException failed) {
            LOG.warn(
                    "that the output of checkpoint {} of job {} is visible could not be noted: {}",
                    mark.manifest().id(),
                    spec.job(),
                    failed.toString());
        }
    }

    private void retain(JobSpec spec, StoreRequest.Retain retain) {
        sweep(spec, retain.newest());
        try {
            long since = maxAgeMillis == 0 ? 0 : Math.max(1, clock.wallMillis() - maxAgeMillis);
            new CheckpointShelf(store(spec), log(spec)).retain(retain.newest(), retain.count(), since);
        } catch (RuntimeException failed) {
            LOG.warn("old checkpoints of job {} could not be deleted: {}", spec.job(), failed.toString());
        }
    }

    /** Before anything is deleted of what is kept, since that is what tells whose remains are whose. */
    private void sweep(JobSpec spec, long newest) {
        try {
            OrphanSweep sweep = new OrphanSweep(store(spec), log(spec), spec);
            if (sweep.isDue(newest)) {
                int deleted = sweep.run(newest);
                LOG.debug("swept {} objects of checkpoints that job {} did not complete", deleted, spec.job());
                sweepDrafts(spec);
            }
        } catch (RuntimeException failed) {
            LOG.warn("what job {} left unfinished could not be deleted: {}", spec.job(), failed.toString());
        }
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
