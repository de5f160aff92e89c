package io.solstice.common.wire;

import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Parallelism;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.graph.Resources;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.graph.StatePolicy;
import io.solstice.common.graph.StateStore;
import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;

/** Job graphs on the wire. Whether a graph could run is for {@code GraphCheck} to say. */
public final class GraphCodec {
    private GraphCodec() {}

    public static io.solstice.proto.v1.JobGraph toProto(JobGraph graph) {
        var sent = io.solstice.proto.v1.JobGraph.newBuilder()
                .setJobId(graph.job().value())
                .setKeyGroups(graph.keyGroups())
                .setCheckpointIntervalSecs(graph.checkpoints().intervalSecs())
                .setCheckpointIntervalRecords(graph.checkpoints().intervalRecords())
                .setStateStore(io.solstice.proto.v1.JobGraph.StateStore.valueOf(
                        graph.state().store().name()))
                .setStateFolder(graph.state().folder())
                .setStateMemoryBytes(graph.state().memoryBytes());
        graph.stages().forEach(stage -> sent.addStages(toProto(stage)));
        graph.edges().forEach(edge -> sent.addEdges(toProto(edge)));
        return sent.build();
    }

    public static JobGraph fromProto(io.solstice.proto.v1.JobGraph graph) {
        return new JobGraph(
                new JobId(graph.getJobId()),
                Wire.atMost(Wire.MAX_ENTRIES, graph.getStagesList(), "JobGraph", "stages").stream()
                        .map(GraphCodec::fromProto)
                        .toList(),
                Wire.atMost(Wire.MAX_ENTRIES, graph.getEdgesList(), "JobGraph", "edges").stream()
                        .map(GraphCodec::fromProto)
                        .toList(),
                Wire.within(1, Parallelism.LIMIT, graph.getKeyGroups(), "JobGraph", "key_groups"),
                new CheckpointPolicy(graph.getCheckpointIntervalSecs(), graph.getCheckpointIntervalRecords()),
                state(graph));
    }

    /** One of a release that did not say it has the default. */
    private static StatePolicy state(io.solstice.proto.v1.JobGraph graph) {
        boolean unsaid = graph.getStateStoreValue() == 0;
        StateStore store = unsaid
                ? StateStore.AUTO
                : Wire.word(StateStore.class, graph.getStateStore(), "JobGraph", "state_store");
        return new StatePolicy(
                store,
                graph.getStateFolder(),
                Wire.atLeast(0, graph.getStateMemoryBytes(), "JobGraph", "state_memory_bytes"));
    }

    private static io.solstice.proto.v1.Stage toProto(StageNode stage) {
        return io.solstice.proto.v1.Stage.newBuilder()
                .setStageId(stage.id().value())
                .setRole(io.solstice.proto.v1.Stage.Role.valueOf(stage.role().name()))
                .setOperatorType(stage.operatorType())
                .setParallelism(io.solstice.proto.v1.Parallelism.newBuilder()
                        .setInitial(stage.parallelism().initial())
                        .setMin(stage.parallelism().min())
                        .setMax(stage.parallelism().max()))
                .setResources(toProto(stage.resources()))
                .setReserved(toProto(stage.reserved()))
                .putAllOptions(Wire.sorted(stage.options()))
                .build();
    }

    private static StageNode fromProto(io.solstice.proto.v1.Stage stage) {
        StageId id = new StageId(stage.getStageId());
        String place = "Stage '" + id + "'";
        Wire.present(stage.hasParallelism(), place, "parallelism");
        Wire.present(stage.hasResources(), place, "resources");
        Wire.present(stage.hasReserved(), place, "reserved");
        Wire.within(0, Wire.MAX_ENTRIES, stage.getOptionsCount(), place, "the number of options");
        var parallelism = stage.getParallelism();
        return new StageNode(
                id,
                Wire.word(StageRole.class, stage.getRole(), place, "role"),
                Wire.text(stage.getOperatorType(), Wire.MAX_LABEL, place, "operator_type"),
                new Parallelism(parallelism.getInitial(), parallelism.getMin(), parallelism.getMax()),
                fromProto(stage.getResources()),
                fromProto(stage.getReserved()),
                stage.getOptionsMap());
    }

    private static io.solstice.proto.v1.Edge toProto(Edge edge) {
        return io.solstice.proto.v1.Edge.newBuilder()
                .setFromStage(edge.from().value())
                .setToStage(edge.to().value())
                .setPartitioning(io.solstice.proto.v1.Edge.Partitioning.valueOf(
                        edge.partitioning().name()))
                .addAllKeyColumns(edge.keyColumns())
                .build();
    }

    private static Edge fromProto(io.solstice.proto.v1.Edge edge) {
        return new Edge(
                new StageId(edge.getFromStage()),
                new StageId(edge.getToStage()),
                Wire.word(Partitioning.class, edge.getPartitioning(), "Edge", "partitioning"),
                Wire.atMost(Wire.MAX_ENTRIES, edge.getKeyColumnsList(), "Edge", "key_columns"));
    }

    public static io.solstice.proto.v1.Resources toProto(Resources resources) {
        return io.solstice.proto.v1.Resources.newBuilder()
                .setNumCpus(resources.numCpus())
                .setNumGpus(resources.numGpus())
                .setMemoryBytes(resources.memoryBytes())
                .build();
    }

    public static Resources fromProto(io.solstice.proto.v1.Resources resources) {
        return new Resources(resources.getNumCpus(), resources.getNumGpus(), resources.getMemoryBytes());
    }
}
