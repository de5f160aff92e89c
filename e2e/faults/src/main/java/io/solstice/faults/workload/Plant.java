package io.solstice.faults.workload;

/** A defect that the workload can be given on purpose, so that the checker is seen to find it. */
public enum Plant {
    /** The source goes on one row too late: a row is lost where it was restored. */
    POSITION_AHEAD,
    /** The source goes on one row too early: a row comes twice. */
    POSITION_BEHIND,
    /** The first row after a restore is emitted twice. */
    TWICE_AFTER_RESTORE,
    /** The source leaves a row out now and then. */
    DROPS,
    /** The counts of keys are not part of a checkpoint. */
    FORGETS_STATE,
    /** The mapping gives a wrong value for one row in a thousand. */
    WRONG_VALUE,
    /** The rows of a key go to any task. */
    NO_EXCHANGE,
    /** The source makes up a row that does not exist. */
    ALIEN,
    /** State by key is changed twice by a row now and then. */
    EFFECT_TWICE
}
