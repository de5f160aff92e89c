package io.solstice.api.sink;

/** What a sink makes of a job that had to go back to a checkpoint. */
public enum Guarantee {
    /** Every row is there once: what comes after a checkpoint is published with the next one. */
    EXACTLY_ONCE,
    /** Rows are published as they come, so those after the checkpoint are there again. */
    AT_LEAST_ONCE
}
