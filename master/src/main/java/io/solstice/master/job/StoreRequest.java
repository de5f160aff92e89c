package io.solstice.master.job;

/**
 * What a job wants from the store of its checkpoints. It asks for one thing at a time, and each gets a
 * {@link StoreAnswer}, but for {@link Retain}, which is done when it is done.
 */
public sealed interface StoreRequest {
    /**
     * Find the checkpoint that the job is to begin with.
     *
     * @param which its id, or {@code latest}
     */
    record Load(String which) implements StoreRequest {}

    /**
     * Find what a run that an earlier master led has come to, so that no earlier master can add to it.
     *
     * @param term of the master that leads it now
     * @param firstGeneration of the run: what older ones made is not its own
     * @param restoreFrom what it was to begin with if it made nothing; empty for nothing
     */
    record Regain(long term, long firstGeneration, String restoreFrom) implements StoreRequest {}

    /**
     * Write the manifest, then make it the newest canonical one; asked again, the same is meant.
     *
     * @param after the number of the newest entry of the log that the job knows, or 0 if it knows none
     */
    record Publish(long after, Manifest manifest) implements StoreRequest {}

    /** Note that the output of a canonical checkpoint has been published. */
    record Mark(long number, Manifest manifest) implements StoreRequest {}

    /** Remove checkpoints but the newest so many, and what only they need. */
    record Retain(long newest, int count) implements StoreRequest {}
}
