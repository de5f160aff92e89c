package io.solstice.faults.check;

/** What can be wrong. */
public enum Kind {
    /** A row that was generated is not in the output. */
    LOST,
    /** A row is there more than once. */
    DOUBLED,
    /** A row that nobody generated. */
    ALIEN,
    /** A row whose values do not belong together, or text that is no row. */
    CORRUPT,
    /** The map made something else of the row. */
    WRONG_VALUE,
    /** The numbers of a key's rows are not 1, 2, 3 …: its count was not restored to what it was. */
    WRONG_COUNT,
    /** Output that was there has gone or has changed. */
    TAKEN_BACK,
    /** Output that is there although no checkpoint that is for ever names it. */
    TOO_EARLY,
    /** A hidden or temporary file or folder beside the output, or data that no version of the table names. */
    LEFT_BEHIND,
    /**
     * A file that nothing leads to, of a process that was killed or taken for lost before it could tell of it. It is
     * counted, and is no failure: only somebody who looks for such files can remove it.
     */
    ORPHANED,
    /** Something in the folder of checkpoints that nothing leads to, though nobody was killed. */
    UNREFERENCED,
    /** An object that a retained checkpoint needs is missing or has changed. */
    DAMAGED,
    /** A worker still holds tasks or has not got its resources back. */
    SLOTS,
    /** A worker still holds memory of batches. */
    MEMORY,
    /** A process has many more files open, threads, or resident memory than when it was started. */
    GROWN,
    /** A process that has ended by itself, or has not ended. */
    PROCESS,
    /** A fault after which no checkpoint was completed in time, or a job that did not come to its end. */
    STUCK,
    /** The job began again though all its tasks were well. */
    RESTARTED,
    /** The job failed. */
    FAILED
}
