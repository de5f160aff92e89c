package io.solstice.common.graph;

import io.solstice.common.id.StageId;
import java.util.List;

/**
 * Stages that run fused in one task: a line, or a line and the branches that it carries. Each stage comes behind the one
 * that feeds it. A chain is named after its first stage.
 */
public record Chain(List<StageId> stages, Parallelism parallelism) {
    public Chain {
        stages = List.copyOf(stages);
    }

    public StageId head() {
        return stages.get(0);
    }
}
