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
     * Two stages fuse when their edge is the only one into the second, needs agree, and each task of the second has the
     * rows of one of the first: the edge is forward, or both stages have one task. It must be the only one out of the
     * first as well, or lead to a branch that is {@linkplain Branches worth carrying}.
     */
    public static ChainPlan of(JobGraph graph) {
        Branches branches = new Branches(graph);
        List<Chain> chains = new ArrayList<>();
        for (StageNode stage : graph.stages()) {
            List<Edge> inputs = graph.inputs(stage.id());
            if (inputs.size() != 1 || !branches.fuses(inputs.get(0))) {
                List<StageId> members = new ArrayList<>();
                addWithCarried(stage.id(), branches, graph, members);
                chains.add(new Chain(members, stage.parallelism()));
            }
        }
        return new ChainPlan(graph, List.copyOf(chains));
    }

    private static void addWithCarried(StageId stage, Branches branches, JobGraph graph, List<StageId> members) {
        members.add(stage);
        for (Edge edge : graph.outputs(stage)) {
            if (branches.fuses(edge)) {
                addWithCarried(edge.to(), branches, graph, members);
            }
        }
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

    /** The edges that leave the chain, from any of its stages. */
    public List<Edge> outputs(Chain chain) {
        return chain.stages().stream().flatMap(stage -> leaving(stage).stream()).toList();
    }

    /** The edges from a stage to other chains. */
    public List<Edge> leaving(StageId stage) {
        return graph.outputs(stage).stream().filter(edge -> !isWithin(edge)).toList();
    }

    /** The stages of the same chain that a stage feeds. */
    public List<StageId> carried(StageId stage) {
        return graph.outputs(stage).stream()
                .filter(this::isWithin)
                .map(Edge::to)
                .toList();
    }

    private boolean isWithin(Edge edge) {
        return chainOf(edge.from()).equals(chainOf(edge.to()));
    }

    /** Whether the chain ends in a sink. */
    public boolean writes(Chain chain) {
        return chain.stages().stream().anyMatch(stage -> graph.stage(stage).role() == StageRole.SINK);
    }
}
