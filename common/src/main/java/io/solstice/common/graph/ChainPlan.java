package io.solstice.common.graph;

import io.solstice.common.id.StageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Divides a graph into fused chains. Every stage is in exactly one chain; edges remain between chains only. */
public final class ChainPlan {
    private final JobGraph graph;
    private final List<Chain> chains;
    private final Map<StageId, Chain> chainOf = new HashMap<>();

    private ChainPlan(JobGraph graph, List<Chain> chains) {
        this.graph = graph;
        this.chains = chains;
        for (Chain chain : chains) {
            chain.stages().forEach(stage -> chainOf.put(stage, chain));
        }
    }

    /**
     * Two stages fuse when their edge is the only one out of the first and into the second, needs agree, and each task of
     * the second has the rows of one of the first: the edge is forward, or both stages have one task.
     */
    public static ChainPlan of(JobGraph graph) {
        List<Chain> chains = new ArrayList<>();
        for (StageNode stage : graph.stages()) {
            List<Edge> inputs = graph.inputs(stage.id());
            if (inputs.size() == 1 && fuses(graph, inputs.get(0))) {
                continue;
            }
            List<StageId> members = new ArrayList<>(List.of(stage.id()));
            StageId tail = stage.id();
            while (graph.outputs(tail).size() == 1
                    && fuses(graph, graph.outputs(tail).get(0))) {
                tail = graph.outputs(tail).get(0).to();
                members.add(tail);
            }
            chains.add(new Chain(members, stage.parallelism()));
        }
        return new ChainPlan(graph, List.copyOf(chains));
    }

    private static boolean fuses(JobGraph graph, Edge edge) {
        StageNode from = graph.stage(edge.from());
        StageNode to = graph.stage(edge.to());
        return keepsTasks(edge, from, to)
                && graph.outputs(edge.from()).size() == 1
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

    public JobGraph graph() {
        return graph;
    }

    public List<Chain> chains() {
        return chains;
    }

    public Chain chainOf(StageId stage) {
        Chain chain = chainOf.get(stage);
        if (chain == null) {
            throw new IllegalArgumentException("stage " + stage + " is in no chain of " + graph.job());
        }
        return chain;
    }

    /** The edges that enter the chain's head. */
    public List<Edge> inputs(Chain chain) {
        return graph.inputs(chain.head());
    }

    /** The edges that leave the chain's tail. */
    public List<Edge> outputs(Chain chain) {
        return graph.outputs(chain.tail());
    }
}
