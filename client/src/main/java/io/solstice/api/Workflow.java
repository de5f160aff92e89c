package io.solstice.api;

/**
 * A user's program: builds a job from its context, and from nothing else, since it is run once where the job is
 * submitted and again on every worker, and must give the same graph each time.
 */
@FunctionalInterface
public interface Workflow {
    Job createJob(JobContext context) throws Exception;
}
