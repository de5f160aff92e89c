package io.solstice.common.protocol;

import io.solstice.common.id.CheckpointId;

/**
 * The checkpoint whose output is to be published. It is canonical by then.
 *
 * @param id unique among all checkpoints: a target that holds it has the output already
 * @param epoch its number within the job, rising
 */
public record CommitPoint(CheckpointId id, long epoch, Kind kind) {
    /** What else the commit means. */
    public enum Kind {
        /** The job goes on. */
        EPOCH,
        /** Nothing more will be written. */
        LAST,
        /** An earlier generation may have done it already; everything else that it staged will never be committed. */
        RECOVERY
    }
}
