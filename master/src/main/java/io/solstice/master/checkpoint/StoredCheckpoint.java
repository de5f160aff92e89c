package io.solstice.master.checkpoint;

import io.solstice.common.id.CheckpointId;
import io.solstice.master.job.Manifest;

/**
 * A canonical checkpoint that a job can begin with.
 *
 * @param number of its entry in the job's log
 * @param published whether its output is known to be visible
 */
public record StoredCheckpoint(long number, boolean published, Manifest manifest) {
    public CheckpointId id() {
        return manifest.id();
    }
}
