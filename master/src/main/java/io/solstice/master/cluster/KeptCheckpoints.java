package io.solstice.master.cluster;

import io.solstice.common.id.CheckpointId;
import io.solstice.common.protocol.CheckpointFacts;
import io.solstice.master.checkpoint.StoredCheckpoint;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which checkpoints must stay. */
public final class KeptCheckpoints {
    private KeptCheckpoints() {}

    /**
     * What a job that has not ended may begin again from: the newest, and the one that it knows as such.
     *
     * @param stored newest first
     */
    public static Set<CheckpointId> by(JobView job, List<StoredCheckpoint> stored) {
        Set<CheckpointId> needed = new HashSet<>();
        if (job.snapshot().state().isTerminal()) {
            return needed;
        }
        stored.stream().limit(1).map(StoredCheckpoint::id).forEach(needed::add);
        CheckpointFacts.Completed known = job.snapshot().checkpoints().newest();
        if (known != null) {
            needed.add(known.id());
        } else {
            stored.stream()
                    .map(StoredCheckpoint::id)
                    .filter(id -> id.value().equals(job.spec().restoreFrom()))
                    .forEach(needed::add);
        }
        return needed;
    }

    /** All that may go but for the newest so many, newest first. */
    public static List<CheckpointId> allBut(int keepLast, Set<CheckpointId> needed, List<StoredCheckpoint> stored) {
        return stored.stream()
                .skip(keepLast)
                .map(StoredCheckpoint::id)
                .filter(id -> !needed.contains(id))
                .toList();
    }
}
