package io.solstice.master.cluster;

import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.Edge;
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
import java.util.List;
import java.util.Map;

/** Jobs of a source and a sink. */
public final class Specs {
    private Specs() {}

    /** @param need of each task of the sink */
    public static JobSpec job(String id, int tasks, Resources need, String submitter) {
        StageNode source = node("source", StageRole.SOURCE, 1, Resources.NONE);
        StageNode sink = node("sink", StageRole.SINK, tasks, need);
        Edge edge = new Edge(source.id(), sink.id(), Partitioning.REBALANCE, List.of());
        JobGraph graph =
                new JobGraph(new JobId(id), List.of(source, sink), List.of(edge), 128, CheckpointPolicy.DEFAULT);
        return new JobSpec(graph, Program.LOCAL, "request-" + id, submitter);
    }

    /** As it comes from a client, ending in a sink of two tasks that Flight clients can read. */
    public static JobSpec flight(String id) {
        JobSpec small = job(id, 2, Resources.NONE, "u");
        StageNode sink = small.graph().stages().get(1);
        StageNode flight = new StageNode(
                sink.id(),
                sink.role(),
                "FlightSink",
                sink.parallelism(),
                sink.resources(),
                sink.reserved(),
                sink.options());
        JobGraph graph = new JobGraph(
                small.job(),
                List.of(small.graph().stages().get(0), flight),
                small.graph().edges(),
                128,
                CheckpointPolicy.DEFAULT);
        return new JobSpec(graph, new Program(List.of(), "W", Map.of(), Map.of()), "request-" + id, "u");
    }

    /** As it comes from a client: with a workflow, and an option of so many characters. */
    public static JobSpec large(String id, int characters) {
        JobSpec small = job(id, 1, Resources.NONE, "u");
        StageNode source = small.graph().stages().get(0);
        StageNode large = new StageNode(
                source.id(),
                source.role(),
                source.operatorType(),
                source.parallelism(),
                source.resources(),
                source.reserved(),
                Map.of("option", "x".repeat(characters)));
        JobGraph graph = new JobGraph(
                small.job(),
                List.of(large, small.graph().stages().get(1)),
                small.graph().edges(),
                128,
                CheckpointPolicy.DEFAULT);
        return new JobSpec(graph, new Program(List.of(), "W", Map.of(), Map.of()), "request-" + id, "u");
    }

    private static StageNode node(String id, StageRole role, int tasks, Resources need) {
        return new StageNode(
                new StageId(id), role, "Test", Parallelism.fixed(tasks), Resources.DEFAULT, need, Map.of());
    }
}
