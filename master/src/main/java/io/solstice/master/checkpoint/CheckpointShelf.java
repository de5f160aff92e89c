package io.solstice.master.checkpoint;

import io.solstice.common.fault.CrashPoint;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.store.ObjectStore;
import io.solstice.master.job.Manifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one job that are still there, for people to look at and to delete. The entries of the log stay for
 * a while when a checkpoint goes. Its manifest goes first, so that whatever is listed has
 * all its states; what a deletion leaves that was cut off is swept by {@link OrphanSweep}.
 */
public final class CheckpointShelf {
    /** So many numbers without a checkpoint, and there are no older ones: few are deleted out of the middle. */
    static final int GAP = 64;

    private final ObjectStore store;
    private final CheckpointLog log;

    CheckpointShelf(ObjectStore store, CheckpointLog log) {
        this.store = store;
        this.log = log;
    }

    /** For one who only looks and deletes. */
    public static CheckpointShelf of(ObjectStore store, JobId job) {
        return new CheckpointShelf(store, new CheckpointLog(store, job));
    }

    /** Oldest first. */
    public List<String> ids() {
        List<String> ids = new ArrayList<>();
        all().forEach(stored -> ids.add(0, stored.id().value()));
        return ids;
    }

    /** Newest first. */
    public List<StoredCheckpoint> all() {
        List<StoredCheckpoint> found = new ArrayList<>();
        long newest = log.newest(0);
        long first = log.first();
        int missing = 0;
        for (long number = newest; number >= first && missing < GAP; number--) {
            Manifest manifest = manifest(number);
            missing = manifest == null ? missing + 1 : 0;
            boolean again = !found.isEmpty()
                    && manifest != null
                    && found.get(found.size() - 1).id().equals(manifest.id());
            if (manifest != null && !again) {
                found.add(new StoredCheckpoint(number, number < newest || log.isMarked(number), manifest));
            }
        }
        return found;
    }

    /** Null if it has been deleted. */
    private @Nullable Manifest manifest(long number) {
        LogEntry entry = log.entry(number);
        return log.isKept(entry) ? log.manifest(entry) : null;
    }

    /** Deletes checkpoints, and the objects that none of the others needs. */
    public void delete(Collection<CheckpointId> ids) {
        List<StoredCheckpoint> all = all();
        List<Manifest> kept = new ArrayList<>();
        all.stream()
                .filter(stored -> !ids.contains(stored.id()))
                .map(StoredCheckpoint::manifest)
                .forEach(kept::add);
        // Oldest first: what an interrupted deletion leaves is in a row.
        for (int i = all.size() - 1; i >= 0; i--) {
            if (ids.contains(all.get(i).id())) {
                delete(all.get(i).manifest(), kept);
            }
        }
    }

    private void delete(Manifest gone, List<Manifest> kept) {
        Set<String> needed = kept.stream()
                .flatMap(manifest -> manifest.states().stream())
                .map(StateObject::key)
                .collect(Collectors.toSet());
        CrashPoint.RETENTION_BEFORE_DELETE.reach();
        store.delete(log.manifestKey(gone.id().value()));
        CrashPoint.RETENTION_MANIFEST_DELETED.reach();
        gone.states().stream()
                .map(StateObject::key)
                .filter(key -> log.isOwn(key) && !needed.contains(key))
                .forEach(store::delete);
    }

    /**
     * Deletes what has fallen out of the newest {@code count}, down to what was deleted before, and what of those was
     * begun before a moment; never the newest.
     *
     * @param sinceMillis since 1970-01-01 UTC; 0 keeps what is old
     */
    void retain(long newest, int count, long sinceMillis) {
        List<Manifest> gone = new ArrayList<>();
        List<Manifest> kept = new ArrayList<>();
        for (long number = newest - 1; sinceMillis > 0 && number > Math.max(0, newest - count); number--) {
            Manifest old = manifest(number);
            if (old != null && old.millis() < sinceMillis && !isEnteredAgain(number, old)) {
                gone.add(old);
            }
        }
        for (long number = newest - count; number > 0; number--) {
            Manifest old = manifest(number);
            if (old == null) {
                break;
            }
            if (!isEnteredAgain(number, old)) {
                gone.add(old);
            }
        }
        if (gone.stream().anyMatch(old -> !old.states().isEmpty())) {
            kept.addAll(keptOf(newest, count, sinceMillis));
        }
        // Oldest first, here as well: whoever goes on with it later looks down to the first that is not there.
        for (int i = gone.size() - 1; i >= 0; i--) {
            delete(gone.get(i), kept);
        }
    }

    /** A later master entered it once more, and that entry keeps it. */
    private boolean isEnteredAgain(long number, Manifest manifest) {
        return manifest.id().equals(log.entry(number + 1).checkpoint());
    }

    private List<Manifest> keptOf(long newest, int count, long sinceMillis) {
        List<Manifest> kept = new ArrayList<>();
        for (long number = newest; number > Math.max(0, newest - count); number--) {
            Manifest manifest = manifest(number);
            if (manifest != null && (number == newest || manifest.millis() >= sinceMillis)) {
                kept.add(manifest);
            }
        }
        return kept;
    }
}
