package io.solstice.common.graph;

import io.solstice.common.id.StageId;
import java.util.List;

/** Stages that run fused in one task, in order. A chain is named after its first stage. */
public record Chain(List<StageId> stages, Parallelism parallelism) {
    public Chain {
        stages = List.copyOf(stages);
    }

    public StageId head() {
        return stages.get(0);
    }

    public StageId tail() {
        return stages.get(stages.size() - 1);
    }
}
