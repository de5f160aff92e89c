package io.solstice.master.job;

import org.jspecify.annotations.Nullable;

/**
 * How far a job has come beside its state, as a master must know it that goes on with it.
 *
 * @param generation its newest
 * @param restarts how often it has begun again
 * @param prepared null before it was prepared
 * @param placed where its newest generation runs, or null before it was placed
 * @param over all that it will ever publish is visible
 */
public record Standing(
        long generation,
        int restarts,
        JobFact.@Nullable Prepared prepared,
        JobFact.@Nullable Placed placed,
        boolean over) {
    /** Of a job that has just been accepted. */
    public static Standing first(long generation) {
        return new Standing(generation, 0, null, null, false);
    }

    public Standing with(JobFact fact) {
        if (fact instanceof JobFact.Prepared found) {
            return new Standing(generation, restarts, found, placed, over);
        } else if (fact instanceof JobFact.Placed where) {
            // Placed a second time: some of its tasks have begun again.
            return new Standing(generation, restarts + (placed == null ? 0 : 1), prepared, where, over);
        }
        return new Standing(generation, restarts, prepared, placed, true);
    }

    public Standing restarted(long next) {
        return new Standing(next, restarts + 1, prepared, null, false);
    }

    /** Of a job that has ended: nobody will ask. */
    public Standing ended() {
        return new Standing(generation, restarts, null, null, false);
    }
}
