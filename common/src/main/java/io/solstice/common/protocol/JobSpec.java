package io.solstice.common.protocol;

import io.solstice.common.graph.JobGraph;
import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import java.util.Map;

/**
 * A job as it is submitted.
 *
 * @param requestId chosen by the client; the same request sent again is the same job
 * @param submitter who submitted it, for fairness and for people; {@code anonymous} where nobody proves who they are
 * @param restoreFrom the id of the checkpoint that the job begins with, {@code latest}, or empty to begin anew
 * @param restoreMap the stages that have another id than in that checkpoint: from the id there to the id here
 */
public record JobSpec(
        JobGraph graph,
        Program program,
        String requestId,
        String submitter,
        String restoreFrom,
        Map<StageId, StageId> restoreMap) {
    public JobSpec {
        restoreMap = Map.copyOf(restoreMap);
    }

    /** A job that begins anew. */
    public JobSpec(JobGraph graph, Program program, String requestId, String submitter) {
        this(graph, program, requestId, submitter, "", Map.of());
    }

    public JobId job() {
        return graph.job();
    }

    /** The same job of another submitter. */
    public JobSpec by(String name) {
        return new JobSpec(graph, program, requestId, name, restoreFrom, restoreMap);
    }
}
