package io.solstice.common.protocol;

import io.solstice.common.graph.JobGraph;
import io.solstice.common.id.JobId;

/**
 * A job as it is submitted.
 *
 * @param requestId chosen by the client; the same request sent again is the same job
 * @param submitter who submitted it, for fairness and for people; {@code anonymous} where nobody proves who they are
 * @param restoreFrom the id of the checkpoint that the job begins with, {@code latest}, or empty to begin anew
 */
public record JobSpec(JobGraph graph, Program program, String requestId, String submitter, String restoreFrom) {
    /** A job that begins anew. */
    public JobSpec(JobGraph graph, Program program, String requestId, String submitter) {
        this(graph, program, requestId, submitter, "");
    }

    public JobId job() {
        return graph.job();
    }
}
