package io.solstice.simulation;

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
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A small job by chance, and the splits of its sources: one or two sources, each feeding some of one to three sinks,
 * through a condition that the source's tasks carry, or without. A source may have no splits. Some of its tasks need
 * cores or memory, a few more than any worker has. Some read without
 * an end until they are told that there is one, and hold no room that others need.
 */
record RandomJob(JobSpec spec, ChainPlan plan, Map<StageId, List<Split>> splits, boolean isEndless) {

    static RandomJob of(Random random, String id, String request, String submitter) {
        List<StageNode> stages = new ArrayList<>();
        List<Edge> edges = new ArrayList<>();
        Map<StageId, List<Split>> splits = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        boolean endless = random.nextInt(4) == 0;
        Resources need = endless ? Resources.NONE : need(random);
        int sources = 1 + random.nextInt(2);
        int sinks = sources + random.nextInt(2);
        for (int i = 0; i < sources; i++) {
            StageId source = new StageId("source-" + i);
            stages.add(node(source, StageRole.SOURCE, 1 + random.nextInt(3), Resources.NONE));
            splits.put(source, splits(source, random.nextInt(9), random));
        }
        for (int i = 0; i < sinks; i++) {
            StageNode sink = node(new StageId("sink-" + i), StageRole.SINK, 1 + random.nextInt(3), need);
            StageNode source = stages.get(i % sources);
            if (random.nextInt(3) == 0) {
                StageNode condition = condition(i, source.parallelism());
                stages.add(condition);
                edges.add(new Edge(source.id(), condition.id(), Partitioning.FORWARD, List.of()));
                stages.add(sink);
                edges.add(new Edge(condition.id(), sink.id(), Partitioning.REBALANCE, List.of()));
                continue;
            }
            boolean equal = source.parallelism().equals(sink.parallelism());
            Partitioning partitioning = equal ? Partitioning.FORWARD : Partitioning.REBALANCE;
            stages.add(sink);
            edges.add(new Edge(source.id(), sink.id(), partitioning, List.of()));
        }
        CheckpointPolicy policy = new CheckpointPolicy(0.3 + random.nextInt(8) * random.nextDouble(), 0);
        JobGraph graph = new JobGraph(new JobId(id), stages, edges, JobGraph.DEFAULT_KEY_GROUPS, policy);
        GraphCheck.check(graph);
        return new RandomJob(
                new JobSpec(graph, Program.LOCAL, request, submitter), ChainPlan.of(graph), splits, endless);
    }

    /** The same, to go on with its newest checkpoint. */
    RandomJob again(int number) {
        JobSpec next = new JobSpec(
                spec.graph(), spec.program(), spec.requestId() + "/" + number, spec.submitter(), "latest", Map.of());
        return new RandomJob(next, plan, splits, isEndless);
    }

    private static Resources need(Random random) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Resources(1, 0, 0);
            case 2 -> new Resources(0.5, 0, 1L << 30);
            case 3 -> new Resources(0, 1, 0);
            case 4 -> random.nextInt(4) == 0 ? new Resources(64, 0, 0) : Resources.NONE;
            default -> Resources.NONE;
        };
    }

    private static StageNode node(StageId id, StageRole role, int tasks, Resources need) {
        return new StageNode(id, role, "Test", Parallelism.fixed(tasks), Resources.DEFAULT, need, Map.of());
    }

    private static StageNode condition(int number, Parallelism tasks) {
        return new StageNode(
                new StageId("kept-" + number),
                StageRole.OPERATOR,
                "FilterOperator",
                tasks,
                Resources.DEFAULT,
                Resources.NONE,
                Map.of("where", "true"));
    }

    private static List<Split> splits(StageId source, int count, Random random) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Split(source + "#" + i, "", random.nextInt(8)))
                .toList();
    }

    boolean writes(StageId chainHead) {
        return plan.writes(plan.chainOf(chainHead));
    }

    /** Everything that its sinks must have got in the end: each row once at each of the sinks of its source. */
    Set<String> everything() {
        Set<String> all = new TreeSet<>();
        for (Edge edge : plan.graph().edges()) {
            if (plan.graph().stage(edge.to()).role() != StageRole.SINK) {
                continue;
            }
            for (Split split : splits.getOrDefault(plan.chainOf(edge.from()).head(), List.of())) {
                for (long row = 0; row < split.rows(); row++) {
                    all.add(edge.to() + " " + split.id() + "/" + row);
                }
            }
        }
        return all;
    }
}
