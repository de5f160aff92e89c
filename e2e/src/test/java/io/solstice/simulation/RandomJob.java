package io.solstice.master.job;

import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.GraphCheck;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Parallelism;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.graph.Resources;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A small job by chance, and the splits of its sources: one or two sources, each feeding some of one to three sinks. A
 * source may have no splits, or be missing from them.
 */
record RandomPlan(ChainPlan plan, Map<StageId, List<Split>> splits) {
    static final JobId JOB = new JobId("simulated");

    static RandomPlan of(Random random) {
        List<StageNode> stages = new ArrayList<>();
        List<Edge> edges = new ArrayList<>();
        Map<StageId, List<Split>> splits = new HashMap<>();
        int sources = 1 + random.nextInt(2);
        int sinks = sources + random.nextInt(2);
        for (int i = 0; i < sources; i++) {
            StageId id = new StageId("source-" + i);
            stages.add(node(id, StageRole.SOURCE, 1 + random.nextInt(3)));
            int count = random.nextInt(7);
            if (count > 0) {
                splits.put(id, splits(id, count - 1));
            }
        }
        for (int i = 0; i < sinks; i++) {
            StageNode sink = node(new StageId("sink-" + i), StageRole.SINK, 1 + random.nextInt(3));
            StageNode source = stages.get(i % sources);
            boolean equal = source.parallelism().equals(sink.parallelism());
            Partitioning partitioning = equal ? Partitioning.FORWARD : Partitioning.REBALANCE;
            stages.add(sink);
            edges.add(new Edge(source.id(), sink.id(), partitioning, List.of()));
        }
        JobGraph graph = new JobGraph(JOB, stages, edges, JobGraph.DEFAULT_KEY_GROUPS, CheckpointPolicy.DEFAULT);
        GraphCheck.check(graph);
        return new RandomPlan(ChainPlan.of(graph), splits);
    }

    private static StageNode node(StageId id, StageRole role, int tasks) {
        return new StageNode(id, role, "Test", Parallelism.fixed(tasks), Resources.DEFAULT, Resources.NONE, Map.of());
    }

    private static List<Split> splits(StageId source, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Split(source + "#" + i, "", -1))
                .toList();
    }

    boolean reads(StageId chainHead) {
        return plan.graph().stage(chainHead).role() == StageRole.SOURCE;
    }

    boolean writes(StageId chainHead) {
        StageId tail = plan.chainOf(chainHead).tail();
        return plan.graph().stage(tail).role() == StageRole.SINK;
    }
}
