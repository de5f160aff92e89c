package io.solstice.master.job;

/** What is being done about a job's checkpoint, as {@link Checkpoints} draws it. */
enum CheckpointPhase {
    IDLE,
    /** Tasks take the cut. */
    TAKING,
    /** It becomes canonical. */
    STORING,
    /** Its output becomes visible. */
    PUBLISHING,
    /** That is noted. */
    MARKING
}
