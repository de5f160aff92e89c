package io.solstice.master.checkpoint;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.JobId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.store.ObjectStore;
import io.solstice.master.job.StoreAnswer;
import io.solstice.master.job.StoreRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one thing that a job wants from the store of its checkpoints, and answers; all trouble with the store becomes an
 * answer. Has no threads: it is called for one job at a time.
 */
public final class CheckpointDesk {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointDesk.class);

    private final Function<JobSpec, ObjectStore> stores;
    private final String writer;
    private final LongSupplier wallMillis;
    private final long maxAgeMillis;
    private final Consumer<JobSpec> swept;
    private final LogParts parts;
    /** Jobs of which a deletion was cut off by trouble with the store; each is called for by a thread of its own. */
    private final Set<JobId> unswept = ConcurrentHashMap.newKeySet();

    /**
     * @param stores where a job's checkpoints are kept
     * @param writer unlike that of any other process
     * @param maxAgeMillis completed checkpoints that are older are deleted when there is a newer one; 0 for none
     * @param swept told when what a job had left unfinished is gone
     * @param parts of logs
     */
    public CheckpointDesk(
            Function<JobSpec, ObjectStore> stores,
            String writer,
            LongSupplier wallMillis,
            long maxAgeMillis,
            Consumer<JobSpec> swept,
            LogParts parts) {
        this.stores = stores;
        this.writer = writer;
        this.wallMillis = wallMillis;
        this.maxAgeMillis = maxAgeMillis;
        this.swept = swept;
        this.parts = parts;
    }

    /** Null if nobody waits for an answer. */
    public @Nullable StoreAnswer serve(JobSpec spec, StoreRequest request) {
        if (request instanceof StoreRequest.Load load) {
            return load(spec, () -> log(spec).load(load.which()), "--restore-from " + load.which());
        } else if (request instanceof StoreRequest.Regain regain) {
            StoreAnswer found = load(spec, () -> log(spec).regain(regain), "its newest checkpoint");
            return found instanceof StoreAnswer.Loaded || found instanceof StoreAnswer.Nothing
                    ? new StoreAnswer.Regained(regain.term(), found)
                    : found;
        } else if (request instanceof StoreRequest.Publish publish) {
            return publish(spec, publish);
        } else if (request instanceof StoreRequest.Mark mark) {
            mark(spec, mark);
            return new StoreAnswer.Marked();
        } else if (request instanceof StoreRequest.Retain retain) {
            retain(spec, retain);
        }
        return null;
    }

    /** Does something with the checkpoints that a job has. */
    public <T> T ask(JobSpec spec, Function<CheckpointShelf, T> question) {
        try {
            return question.apply(shelf(spec));
        } catch (RuntimeException failed) {
            unswept.add(spec.job());
            throw failed;
        }
    }

    private CheckpointShelf shelf(JobSpec spec) {
        return new CheckpointShelf(stores.apply(spec), log(spec));
    }

    private CheckpointLog log(JobSpec spec) {
        return new CheckpointLog(stores.apply(spec), spec.job(), writer, spec.requestId(), parts);
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
            long since = maxAgeMillis == 0 ? 0 : Math.max(1, wallMillis.getAsLong() - maxAgeMillis);
            shelf(spec).retain(retain.newest(), retain.count(), since);
            log(spec).trim(retain.newest());
        } catch (RuntimeException failed) {
            unswept.add(spec.job());
            LOG.warn("old checkpoints of job {} could not be deleted: {}", spec.job(), failed.toString());
        }
    }

    /** Before anything is deleted of what is kept, since that is what tells whose remains are whose. */
    private void sweep(JobSpec spec, long newest) {
        try {
            OrphanSweep sweep = new OrphanSweep(stores.apply(spec), log(spec), spec);
            if (unswept.contains(spec.job()) || sweep.isDue(newest)) {
                int deleted = sweep.run(newest);
                unswept.remove(spec.job());
                LOG.debug("swept {} objects of checkpoints that job {} did not complete", deleted, spec.job());
                swept.accept(spec);
            }
        } catch (RuntimeException failed) {
            unswept.add(spec.job());
            LOG.warn("what job {} left unfinished could not be deleted: {}", spec.job(), failed.toString());
        }
    }
}
