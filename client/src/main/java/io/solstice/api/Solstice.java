package io.solstice.api;

/**
 * A running engine that takes jobs. Close it to cancel what still runs and to give everything back.
 *
 * <pre>{@code
 * try (Solstice solstice = Solstice.embedded()) {
 *     solstice.submit(job).await();
 * }
 * }</pre>
 */
public interface Solstice extends AutoCloseable {
    /** An engine in this process, with no port open: a master, a worker, and direct calls between them. */
    static Solstice embedded() {
        return EngineProvider.onClassPath().startEmbedded();
    }

    /**
     * Checks the job and starts it. Returns when it runs; what is wrong with the graph, an option, a path or a type is
     * thrown here, before anything has been written.
     */
    default JobHandle submit(Job job) {
        return submit(job, RestoreFrom.NOTHING);
    }

    /**
     * Like {@link #submit(Job)}, but begins with a checkpoint that an earlier run of the same job id took.
     *
     * @param restoreFrom the id of a checkpoint, {@code latest}, or {@code none}; a checkpoint that is not there, or that
     *     the job no longer fits, is refused, and the job does not begin anew instead
     */
    default JobHandle submit(Job job, String restoreFrom) {
        return submit(job, RestoreFrom.of(restoreFrom));
    }

    /** Like {@link #submit(Job, String)}, also for a job in which stages of the checkpoint have other ids. */
    JobHandle submit(Job job, RestoreFrom restoreFrom);

    /** Cancels running jobs, waits until they have ended, and frees all threads, files and memory. */
    @Override
    void close();
}
