package io.solstice.simulation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bugs that are put in on purpose, to show that the simulation would find them, each by the invariant that it breaks. */
enum Plant {
    NONE(null),
    /** The master acts on a decision before its journal has it. */
    ACTS_BEFORE_IT_IS_WRITTEN(Invariant.I9),
    /** The master forgets to write that a job has moved. */
    MOVES_ARE_NOT_WRITTEN(Invariant.I9),
    /** The end of a job is written to the journal twice. */
    ENDS_ARE_WRITTEN_TWICE(Invariant.I10),
    /** Two masters may write the same place of the journal. */
    JOURNAL_IS_NOT_CONDITIONAL(Invariant.I1),
    /** A worker's loss is never noticed. */
    LOSS_IS_NOT_NOTICED(Invariant.LIVE_WITH_FEW),
    /** A command to release is lost on its way to a healthy worker. */
    RELEASE_IS_LOST(Invariant.LIVE),
    /** A job does not hear that the store gave no answer. */
    TROUBLE_WITH_THE_STORE_IS_KEPT_SECRET(Invariant.LIVE),
    /** A split is handed to a second task too. */
    SPLIT_IS_HANDED_OUT_TWICE(Invariant.I5),
    /** A worker carries out every command that it gets, also a second time. */
    COMMANDS_ARE_REPEATED(Invariant.I5),
    /** A task that failed passes for finished. */
    FAILURE_PASSES_FOR_SUCCESS(Invariant.I4),
    /** A worker does not let go of what its new master does not know. */
    OLD_RUNS_ARE_KEPT(Invariant.I8),
    /** A request that is sent again makes a second job. */
    REQUESTS_ARE_NOT_REMEMBERED(Invariant.I11),
    /** Output is published though its checkpoint is not canonical. */
    PUBLISHES_BEFORE_IT_IS_CANONICAL(Invariant.I3),
    /** A checkpoint gets the number of the one before it. */
    NUMBERS_ARE_USED_AGAIN(Invariant.I2),
    /** A source says that it has read one row less than it has. */
    POSITIONS_ARE_ONE_BEHIND(Invariant.I6),
    /** A source says that it has read one row more than it has. */
    POSITIONS_ARE_ONE_AHEAD(Invariant.I6),
    /** What was sealed for a checkpoint that failed is not carried to the next one. */
    SEALED_IN_VAIN_IS_FORGOTTEN(Invariant.I4),
    /** A task reads a split from its first row, though some rows of it are part of a checkpoint. */
    RESTORED_SPLITS_BEGIN_ANEW(Invariant.I6),
    /** A task does not say how far event time had come in the split that it reads. */
    EVENT_TIME_IS_FORGOTTEN(Invariant.I12),
    /** A worker says that a task's state is written as soon as it begins to write it. */
    STATE_IS_ACKNOWLEDGED_BEFORE_IT_IS_WRITTEN(Invariant.I3),
    /** A job that begins again does not publish what its newest checkpoint had not published yet. */
    RECOVERY_PUBLISHES_NOTHING(Invariant.I4),
    /** A new master takes jobs over without keeping the old one from completing checkpoints of them. */
    OLD_MASTERS_ARE_NOT_FENCED(Invariant.I1),
    /** A worker does not tell a new master what its tasks sealed under the old one. */
    SEALED_UNDER_THE_OLD_MASTER_IS_FORGOTTEN(Invariant.I4),
    /** A worker does not tell a new master which splits its tasks have. */
    SPLITS_OF_THE_OLD_MASTER_ARE_FORGOTTEN(Invariant.I5),
    /** A new master does not hear what workers still run. */
    ACCOUNTS_ARE_LOST(Invariant.RUNS_ON),
    /** Whatever state no checkpoint names is deleted, also one that is just being made. */
    WHAT_NO_CHECKPOINT_NAMES_IS_DELETED(Invariant.I7),
    /** One checkpoint too many is deleted. */
    NEWEST_CHECKPOINT_IS_DELETED(Invariant.I7),
    /** Entries of checkpoints that are kept are given up with the old ones. */
    LOGS_ARE_CUT_TOO_SHORT(Invariant.I7),
    /** What was given up is never deleted. */
    NOTHING_IS_SWEPT(Invariant.I7);

    private final @Nullable Invariant breaks;

    Plant(@Nullable Invariant breaks) {
        this.breaks = breaks;
    }

    Invariant breaks() {
        return Objects.requireNonNull(breaks, "no bug breaks nothing");
    }
}
