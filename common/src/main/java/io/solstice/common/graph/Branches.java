package io.solstice.common.graph;

import io.solstice.common.id.StageId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which stages run in the task of the stage that feeds them. A stage that feeds several others carries those branches
 * that cost less than handing rows to another thread does: expressions whose rows are then divided among other tasks. A
 * branch with anything else in it, or with needs of its own, has tasks of its own, which run beside this one; so have
 * all where they are many.
 */
final class Branches {
    private static final int MOST = 4;

    private final JobGraph graph;
    private final Map<StageId, Boolean> light = new HashMap<>();

    Branches(JobGraph graph) {
        this.graph = graph;
    }

    boolean fuses(Edge edge) {
        if (!couldFuse(edge)) {
            return false;
        }
        int outputs = graph.outputs(edge.from()).size();
        return outputs == 1 || outputs <= MOST && isLight(edge.to());
    }

    private boolean couldFuse(Edge edge) {
        StageNode from = graph.stage(edge.from());
        StageNode to = graph.stage(edge.to());
        return keepsTasks(edge, from, to)
                && graph.inputs(edge.to()).size() == 1
                && from.parallelism().equals(to.parallelism())
                && from.resources().numGpus() == to.resources().numGpus();
    }

    /** Whether task i of the second has the rows of task i of the first, all of them and no others. */
    private static boolean keepsTasks(Edge edge, StageNode from, StageNode to) {
        return switch (edge.partitioning()) {
            case FORWARD -> true;
            case HASH -> from.parallelism().max() == 1 && to.parallelism().max() == 1;
            case BROADCAST, REBALANCE -> false;
        };
    }

    /** Whether a stage and all that would be fused behind it are light. */
    private boolean isLight(StageId id) {
        Boolean known = light.putIfAbsent(id, false);
        if (known != null) {
            return known;
        }
        StageNode stage = graph.stage(id);
        List<Edge> outputs = graph.outputs(id);
        boolean is = stage.isExpression()
                && stage.reserved().equals(Resources.NONE)
                && outputs.size() <= MOST
                && outputs.stream().allMatch(edge -> !couldFuse(edge) || isLight(edge.to()));
        light.put(id, is);
        return is;
    }
}
