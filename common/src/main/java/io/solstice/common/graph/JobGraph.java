package io.solstice.common.graph;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import java.util.List;

/**
 * The stages and edges of a job as plain data: all that a master sees of it.
 *
 * @param keyGroups the number of key groups, which is the most tasks that a keyed stage can ever have
 */
public record JobGraph(
        JobId job,
        List<StageNode> stages,
        List<Edge> edges,
        int keyGroups,
        CheckpointPolicy checkpoints,
        StatePolicy state) {
    public static final int DEFAULT_KEY_GROUPS = 128;

    public JobGraph {
        stages = List.copyOf(stages);
        edges = List.copyOf(edges);
    }

    /** One whose state lies where it does by default. */
    public JobGraph(JobId job, List<StageNode> stages, List<Edge> edges, int keyGroups, CheckpointPolicy checkpoints) {
        this(job, stages, edges, keyGroups, checkpoints, StatePolicy.DEFAULT);
    }

    public StageNode stage(StageId id) {
        return stages.stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ErrorCode.STAGE_UNKNOWN
                        .error("no stage '" + id + "'")
                        .where("job '" + job + "'")
                        .toException());
    }

    public List<Edge> inputs(StageId id) {
        return edges.stream().filter(edge -> edge.to().equals(id)).toList();
    }

    public List<Edge> outputs(StageId id) {
        return edges.stream().filter(edge -> edge.from().equals(id)).toList();
    }
}
