package io.solstice.common.graph;

import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Builds graphs for tests, valid or not. */
final class Graphs {
    private final List<StageNode> stages = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private int keyGroups = JobGraph.DEFAULT_KEY_GROUPS;

    static Graphs job() {
        return new Graphs();
    }

    Graphs source(String id) {
        return stage(id, StageRole.SOURCE, Parallelism.fixed(1));
    }

    Graphs operator(String id) {
        return stage(id, StageRole.OPERATOR, Parallelism.fixed(1));
    }

    Graphs sink(String id) {
        return stage(id, StageRole.SINK, Parallelism.fixed(1));
    }

    Graphs stage(String id, StageRole role, Parallelism parallelism) {
        return stage(id, role, parallelism, Resources.DEFAULT);
    }

    Graphs stage(String id, StageRole role, Parallelism parallelism, Resources resources) {
        stages.add(new StageNode(new StageId(id), role, "Test", parallelism, resources, resources, Map.of()));
        return this;
    }

    /** A stage that evaluates a condition on columns. */
    Graphs where(String id, int tasks, Resources reserved) {
        stages.add(new StageNode(
                new StageId(id),
                StageRole.OPERATOR,
                "FilterOperator",
                Parallelism.fixed(tasks),
                Resources.DEFAULT,
                reserved,
                Map.of("where", "a > 1")));
        return this;
    }

    Graphs edge(String from, String to) {
        return edge(from, to, Partitioning.FORWARD);
    }

    Graphs edge(String from, String to, Partitioning partitioning) {
        List<String> keys = partitioning == Partitioning.HASH ? List.of("key") : List.of();
        edges.add(new Edge(new StageId(from), new StageId(to), partitioning, keys));
        return this;
    }

    Graphs keyGroups(int groups) {
        keyGroups = groups;
        return this;
    }

    JobGraph build() {
        return new JobGraph(new JobId("j"), stages, edges, keyGroups, CheckpointPolicy.DEFAULT);
    }

    /** A valid graph of 2 to 25 stages with random edges, parallelism and GPU needs. */
    static JobGraph random(Random random) {
        Graphs graph = job();
        int sources = 1 + random.nextInt(3);
        int operators = random.nextInt(15);
        for (int i = 0; i < sources + operators; i++) {
            StageRole role = i < sources ? StageRole.SOURCE : StageRole.OPERATOR;
            Resources needs = Resources.DEFAULT.withGpus(random.nextInt(6) == 0 ? 1 : 0);
            if (i >= sources && random.nextBoolean()) {
                graph.where("s" + i, 1 + random.nextInt(2), Resources.NONE);
            } else {
                graph.stage("s" + i, role, parallelism(random), needs);
            }
        }
        for (int to = sources; to < sources + operators; to++) {
            for (int from : random.ints(1 + random.nextInt(2), 0, to).distinct().toArray()) {
                graph.randomEdge(random, "s" + from, "s" + to);
            }
        }
        JobGraph open = graph.build();
        for (StageNode stage : open.stages()) {
            if (open.outputs(stage.id()).isEmpty()) {
                String sink = "sink-" + stage.id();
                graph.stage(sink, StageRole.SINK, parallelism(random));
                graph.randomEdge(random, stage.id().value(), sink);
            }
        }
        return graph.build();
    }

    private static Parallelism parallelism(Random random) {
        int tasks = 1 + random.nextInt(2);
        return random.nextInt(5) == 0 ? Parallelism.between(tasks, tasks + 3) : Parallelism.fixed(tasks);
    }

    private void randomEdge(Random random, String from, String to) {
        int fromTasks = tasks(from);
        int toTasks = tasks(to);
        boolean forward = fromTasks == toTasks && random.nextInt(4) != 0;
        Partitioning other = random.nextBoolean() ? Partitioning.REBALANCE : Partitioning.HASH;
        edge(from, to, forward ? Partitioning.FORWARD : other);
    }

    private int tasks(String id) {
        return stages.stream()
                .filter(stage -> stage.id().value().equals(id))
                .findFirst()
                .orElseThrow()
                .parallelism()
                .initial();
    }
}
