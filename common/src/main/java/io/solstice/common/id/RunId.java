package io.solstice.common.id;

/**
 * One run of a job. Submitting a job of the same id again, after its end, makes another run; messages about an earlier
 * one are recognised by its lower generation and change nothing.
 *
 * @param generation rises with every run of the job
 */
public record RunId(JobId job, long generation) {
    @Override
    public String toString() {
        return job + "#" + generation;
    }
}
