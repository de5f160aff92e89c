package io.solstice.common.error;

/** Who can mend an error. The kind alone decides whether to retry, to fail the job or to alert an operator. */
public enum ErrorKind {
    /** The job, its configuration or its data are wrong; trying again gives the same result. */
    USER,
    /** Something is used up: disk, memory, slots. May pass, or needs more of it. */
    CAPACITY,
    /** A system outside Solstice refused or failed. May pass. */
    EXTERNAL,
    /** A defect of Solstice itself. */
    SYSTEM
}
