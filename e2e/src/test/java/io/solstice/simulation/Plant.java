package io.solstice.simulation;

/** Bugs that are put in on purpose, to show that the simulation would find them. */
enum Plant {
    NONE,
    /** The master acts on a decision before its journal has it. */
    ACTS_BEFORE_IT_IS_WRITTEN,
    /** The master forgets to write that a job has moved. */
    MOVES_ARE_NOT_WRITTEN,
    /** Two masters may write the same place of the journal. */
    JOURNAL_IS_NOT_CONDITIONAL,
    /** A worker's loss is never noticed. */
    LOSS_IS_NOT_NOTICED,
    /** A command to release is lost on its way to a healthy worker. */
    RELEASE_IS_LOST,
    /** A split is handed to a second task too. */
    SPLIT_IS_HANDED_OUT_TWICE,
    /** A worker carries out every command that it gets, also a second time. */
    COMMANDS_ARE_REPEATED,
    /** A task that failed passes for finished. */
    FAILURE_PASSES_FOR_SUCCESS,
    /** A worker does not let go of what its new master does not know. */
    OLD_RUNS_ARE_KEPT,
    /** A request that is sent again makes a second job. */
    REQUESTS_ARE_NOT_REMEMBERED,
    /** Output is published though its checkpoint is not canonical. */
    PUBLISHES_BEFORE_IT_IS_CANONICAL,
    /** A source says that it has read one row less than it has. */
    POSITIONS_ARE_ONE_BEHIND,
    /** A source says that it has read one row more than it has. */
    POSITIONS_ARE_ONE_AHEAD,
    /** What was sealed for a checkpoint that failed is not carried to the next one. */
    SEALED_IN_VAIN_IS_FORGOTTEN,
    /** A task reads a split from its first row, though some rows of it are part of a checkpoint. */
    RESTORED_SPLITS_BEGIN_ANEW,
    /** A worker says that a task's state is written as soon as it begins to write it. */
    STATE_IS_ACKNOWLEDGED_BEFORE_IT_IS_WRITTEN,
    /** A job that begins again does not publish what its newest checkpoint had not published yet. */
    RECOVERY_PUBLISHES_NOTHING,
    /** A new master takes jobs over without keeping the old one from completing checkpoints of them. */
    OLD_MASTERS_ARE_NOT_FENCED,
    /** A worker does not tell a new master what its tasks sealed under the old one. */
    SEALED_UNDER_THE_OLD_MASTER_IS_FORGOTTEN,
    /** A worker does not tell a new master which splits its tasks have. */
    SPLITS_OF_THE_OLD_MASTER_ARE_FORGOTTEN
}
