package io.solstice.master.job;

import io.solstice.common.error.SolsticeError;

/** What came of a {@link StoreRequest}. */
public sealed interface StoreAnswer {
    /**
     * @param newest the number of the newest entry of the log, which may be a later one than that of the manifest
     * @param published whether the output is known to be published
     */
    record Loaded(long newest, boolean published, Manifest manifest) implements StoreAnswer {}

    /**
     * The run has no checkpoint and was to begin with none.
     *
     * @param newest the number of the newest entry of the log, which is not of the run
     */
    record Nothing(long newest) implements StoreAnswer {}

    /**
     * What came of a {@link StoreRequest.Regain}.
     *
     * @param term in which it was asked: a master that has begun anew since asks for itself
     * @param found a {@link Loaded} or {@link Nothing}
     */
    record Regained(long term, StoreAnswer found) implements StoreAnswer {}

    /** There is nothing to begin with, or it cannot be read. */
    record NotLoaded(SolsticeError error) implements StoreAnswer {}

    /** The checkpoint is canonical, as this entry of the log. */
    record Published(long number) implements StoreAnswer {}

    /** The checkpoint is not canonical, and will not be unless it is asked for again. */
    record NotPublished(SolsticeError error) implements StoreAnswer {}

    /** Nobody knows whether the checkpoint is canonical. Asking again decides. */
    record Undecided(SolsticeError error) implements StoreAnswer {}

    /** The log cannot be added to: another run of the job has taken it over, or it is damaged. */
    record Fenced(SolsticeError error) implements StoreAnswer {}

    /** Whether it was noted or not: publishing again is harmless, so nothing depends on it. */
    record Marked() implements StoreAnswer {}
}
