package io.solstice.master.checkpoint;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.StatePlace;
import io.solstice.common.store.ObjectStore;
import io.solstice.master.job.Manifest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Deletes what lies below a job's own prefix and belongs to no checkpoint: states and manifests of checkpoints that were
 * given up, and of runs that were killed or overtaken.
 *
 * <p>A submission that has made an entry of the log sweeps for itself: whatever it began up to that entry is over, since
 * it takes one checkpoint after the other, and each generation ends before the next. Of other submissions it knows that
 * they are over if they have made an earlier entry: each of them could only have made the entry after its own last one,
 * which is taken. One that has made no entry may be about to make its first, so what is of it stays. What a
 * manifest names stays in any case; what is older than the oldest manifest that was looked at stays too, unless all
 * entries of its submission were, which are in a row. So a listing that is not complete leaves more, and never takes more.
 */
final class OrphanSweep {
    private static final int PAGE = 1_000;
    private static final int MANIFEST_LIMIT_BYTES = 256 << 20;

    private final ObjectStore store;
    private final CheckpointLog log;
    private final JobSpec spec;
    private final String own;
    private final int gap;
    /** What some manifest names. */
    private final Set<String> needed = new HashSet<>();
    /** For each submission that is over, or the own one, the oldest place that can be decided upon. */
    private final Map<String, StatePlace> oldest = new HashMap<>();

    /** Submissions of which no older entries are left to look at. */
    private final Set<String> complete = new HashSet<>();
    /** Of all submissions that are known. */
    private final Set<String> requests = new HashSet<>();

    private int deleted;

    OrphanSweep(ObjectStore store, CheckpointLog log, JobSpec spec) {
        this(store, log, spec, CheckpointShelf.GAP);
    }

    /** @param gap after so many entries without a checkpoint the search for older ones ends */
    OrphanSweep(ObjectStore store, CheckpointLog log, JobSpec spec, int gap) {
        this.store = store;
        this.log = log;
        this.spec = spec;
        this.gap = gap;
        this.own = StatePlace.submission(spec.requestId());
        requests.add(spec.requestId());
    }

    /**
     * Whether there may be something to sweep: the entry is the first of its generation or the last of the job, or a
     * checkpoint before it was given up.
     */
    boolean isDue(long number) {
        LogEntry entry = log.entry(number);
        if (number == 1) {
            return true;
        }
        LogEntry before = log.entry(number - 1);
        boolean follows = before.writer().equals(entry.writer())
                && before.generation() == entry.generation()
                && before.epoch() + 1 == entry.epoch();
        return !follows || log.isKept(entry) && log.manifest(entry).last();
    }

    /**
     * Sweeps, and says how many objects are gone.
     *
     * @param number an entry of the log that this submission made
     */
    int run(long number) {
        LogEntry entry = log.entry(number);
        StatePlace upTo = place(entry.generation(), entry.epoch());
        examine(number, upTo);
        forEach(StatePlace.folderOf(spec.job()), key -> sweepState(key, upTo));
        forEach(spec.job() + "/checkpoints/", key -> sweepManifest(key, upTo));
        return deleted;
    }

    private StatePlace place(long generation, long epoch) {
        return new StatePlace(spec.job(), own, generation, epoch);
    }

    /** Looks at the checkpoints that are there, newest first. */
    private void examine(long number, StatePlace upTo) {
        oldest.put(own, upTo);
        String above = own;
        int missing = 0;
        long next = log.newest(number);
        long first = log.first();
        for (; next >= first && missing < gap; next--) {
            LogEntry entry = log.entry(next);
            Optional<Manifest> found = manifest(entry);
            missing = found.isPresent() ? 0 : missing + 1;
            found.ifPresent(manifest -> need(entry, manifest));
            if (next < number) {
                above = examine(entry, above);
            }
        }
        if (next == 0) {
            complete.addAll(oldest.keySet());
        }
    }

    private void need(LogEntry entry, Manifest manifest) {
        needed.add(entry.manifest().key());
        manifest.states().stream().map(StateObject::key).forEach(needed::add);
    }

    /**
     * Looks at an entry that is older than the one that is swept for.
     *
     * @param above the submission that made the entry after it
     */
    private String examine(LogEntry entry, String above) {
        String maker = StatePlace.submission(entry.request());
        if (!maker.equals(above)) {
            complete.add(above);
        }
        requests.add(entry.request());
        oldest.put(maker, new StatePlace(spec.job(), maker, entry.generation(), entry.epoch()));
        return maker;
    }

    /** Gone, if it is deleted between two looks. */
    private Optional<Manifest> manifest(LogEntry entry) {
        try {
            return log.isKept(entry) ? Optional.of(log.manifest(entry)) : Optional.empty();
        } catch (SolsticeException failed) {
            if (failed.code() == ErrorCode.OBJECT_MISSING) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    /** Who took a checkpoint, if it is one of those that are known. */
    private Optional<StatePlace> takenBy(Manifest manifest) {
        return requests.stream()
                .filter(request ->
                        manifest.isTakenBy(new JobSpec(spec.graph(), spec.program(), request, spec.submitter())))
                .map(request -> new StatePlace(
                        spec.job(),
                        StatePlace.submission(request),
                        manifest.run().generation(),
                        manifest.epoch()))
                .findFirst();
    }

    private void sweepState(String key, StatePlace upTo) {
        if (!needed.contains(key)
                && StatePlace.of(key).filter(place -> isOver(place, upTo)).isPresent()) {
            delete(key);
        }
    }

    private void sweepManifest(String key, StatePlace upTo) {
        if (needed.contains(key) || !key.endsWith("/manifest.json")) {
            return;
        }
        Manifest manifest;
        try {
            manifest = ManifestJson.read(key, store.read(key, MANIFEST_LIMIT_BYTES));
        } catch (SolsticeException unreadable) {
            return;
        }
        if (takenBy(manifest).filter(place -> isOver(place, upTo)).isPresent()) {
            delete(key);
        }
    }

    /** Whether all that is at a place has been decided: a manifest of it has been seen, or will never count. */
    private boolean isOver(StatePlace place, StatePlace upTo) {
        StatePlace from = oldest.get(place.submission());
        return from != null
                && (complete.contains(place.submission()) || StatePlace.IN_TIME.compare(from, place) <= 0)
                && (!place.submission().equals(own) || StatePlace.IN_TIME.compare(place, upTo) <= 0);
    }

    private void delete(String key) {
        store.delete(key);
        deleted++;
    }

    private void forEach(String prefix, Consumer<String> object) {
        String after = "";
        List<String> page;
        do {
            page = store.list(prefix, after, PAGE);
            page.forEach(object);
            after = page.isEmpty() ? after : page.get(page.size() - 1);
        } while (page.size() == PAGE);
    }
}
