package io.solstice.api;

import static io.solstice.api.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Parallelism;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.graph.Resources;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.JobState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobTest {
    private static final OperatorDefinition SAME = MapOperator.rows(row -> row);

    private static Stage source(int tasks) {
        return Stage.of("in", GeneratorSource.numbers(1, 10)).parallelism(tasks);
    }

    private static Stage sink() {
        return Stage.of("out", PrintSink.create());
    }

    private static Edge edge(JobGraph graph, String from, String to) {
        return graph.edges().stream()
                .filter(edge ->
                        edge.from().value().equals(from) && edge.to().value().equals(to))
                .findFirst()
                .orElseThrow();
    }

    /** The edge between a source of two tasks and the given stage. */
    private static Edge into(Stage stage) {
        Job job = new Job("j").addStage(source(2)).addStage(stage, "in").addStage(sink(), "mid");
        return edge(job.graph(), "in", "mid");
    }

    @Test
    void theMinimalJobHasTheDocumentedDefaults() {
        JobGraph graph = new Job("my_pipeline")
                .addStage(source(1))
                .addStage(sink(), "in")
                .graph();
        assertThat(graph.job().value()).isEqualTo("my_pipeline");
        assertThat(graph.checkpoints()).isEqualTo(new CheckpointPolicy(300, 0));
        assertThat(graph.keyGroups()).isEqualTo(128);
        StageNode node = graph.stage(new StageId("out"));
        assertThat(node.parallelism()).isEqualTo(Parallelism.fixed(1));
        assertThat(node.resources()).isEqualTo(new Resources(1, 0, 2L << 30));
        assertThat(node.role()).isEqualTo(StageRole.SINK);
        assertThat(node.operatorType()).isEqualTo("PrintSink");
    }

    @Test
    void everyFormOfParallelismIsCarried() {
        Stage stage = Stage.of("mid", SAME);
        assertThat(stage.parallelism(4).parallelism()).isEqualTo(new Parallelism(4, 4, 4));
        assertThat(stage.parallelism(2, 10).parallelism()).isEqualTo(new Parallelism(2, 2, 10));
        assertThat(stage.parallelism(4, 2, 10).parallelism()).isEqualTo(new Parallelism(4, 2, 10));
        assertThat(stage.parallelism()).as("a stage cannot be changed").isEqualTo(Parallelism.fixed(1));
        refused(ErrorCode.PARALLELISM_INVALID, () -> stage.parallelism(0));
        refused(ErrorCode.PARALLELISM_INVALID, () -> stage.parallelism(10, 2));
        refused(ErrorCode.PARALLELISM_INVALID, () -> stage.parallelism(11, 2, 10));
        JobGraph graph = new Job("j")
                .addStage(source(1))
                .addStage(stage.parallelism(4, 2, 10), "in")
                .addStage(sink(), "mid")
                .graph();
        assertThat(graph.stage(new StageId("mid")).parallelism()).isEqualTo(new Parallelism(4, 2, 10));
    }

    @Test
    void everyFormOfResourcesIsCarried() {
        Stage stage =
                Stage.of("mid", SAME).numCpus(2).numGpus(1).memory(8L << 30).parallelism(1);
        assertThat(stage.resources()).isEqualTo(new Resources(2, 1, 8L << 30));
        Resources other = new Resources(0.5, 0, 0);
        assertThat(stage.workerResources(other).resources()).isEqualTo(other);
        refused(ErrorCode.RESOURCES_INVALID, () -> stage.numCpus(-1));
        JobGraph graph = new Job("j")
                .addStage(source(1))
                .addStage(stage, "in")
                .addStage(sink(), "mid")
                .graph();
        assertThat(graph.stage(new StageId("mid")).resources()).isEqualTo(new Resources(2, 1, 8L << 30));
    }

    @Test
    void equalParallelismGoesForwardAndOtherwiseRebalances() {
        assertThat(into(Stage.of("mid", SAME).parallelism(2)).partitioning()).isEqualTo(Partitioning.FORWARD);
        assertThat(into(Stage.of("mid", SAME).parallelism(2, 8)).partitioning()).isEqualTo(Partitioning.FORWARD);
        assertThat(into(Stage.of("mid", SAME).parallelism(3)).partitioning()).isEqualTo(Partitioning.REBALANCE);
    }

    @Test
    void partitioningCanBeForced() {
        Stage mid = Stage.of("mid", SAME).parallelism(2);
        assertThat(into(mid.partitioning(Partitioning.REBALANCE)).partitioning())
                .isEqualTo(Partitioning.REBALANCE);
        assertThat(into(mid.partitioning(Partitioning.BROADCAST)).partitioning())
                .isEqualTo(Partitioning.BROADCAST);
        SolsticeError hash = refused(ErrorCode.OPTION_INVALID, () -> into(mid.partitioning(Partitioning.HASH)));
        assertThat(hash.help()).contains("KeyByOperator");
        refused(ErrorCode.PARALLELISM_INVALID, () -> into(mid.parallelism(3).partitioning(Partitioning.FORWARD)));
    }

    @Test
    void theEdgeBehindAKeyByIsDividedByItsKeys() {
        Map<KeyByOperator, List<String>> keys = Map.of(
                KeyByOperator.columns("a", "b"), List.of("a", "b"),
                KeyByOperator.rows(row -> row.get("a")), List.of("key"));
        keys.forEach((keyBy, columns) -> {
            Job job = new Job("j")
                    .addStage(source(2))
                    .addStage(Stage.of("keyed", keyBy).parallelism(2), "in")
                    .addStage(Stage.of("mid", SAME).parallelism(2), "keyed")
                    .addStage(sink(), "mid");
            Edge behind = edge(job.graph(), "keyed", "mid");
            assertThat(behind.partitioning()).isEqualTo(Partitioning.HASH);
            assertThat(behind.keyColumns()).isEqualTo(columns);
            assertThat(edge(job.graph(), "in", "keyed").partitioning()).isEqualTo(Partitioning.FORWARD);
        });
    }

    @Test
    void aForcedPartitioningWinsOverKeys() {
        Job job = new Job("j")
                .addStage(source(1))
                .addStage(Stage.of("keyed", KeyByOperator.columns("a")), "in")
                .addStage(sink().parallelism(2).partitioning(Partitioning.BROADCAST), "keyed");
        assertThat(edge(job.graph(), "keyed", "out").partitioning()).isEqualTo(Partitioning.BROADCAST);
    }

    @Test
    void diamondsKeepAllTheirEdges() {
        JobGraph graph = new Job("j")
                .addStage(source(1))
                .addStage(Stage.of("left", SAME), "in")
                .addStage(Stage.of("right", FilterOperator.rows(row -> true)), "in")
                .addStage(sink(), "left", "right", "left")
                .graph();
        assertThat(graph.edges()).hasSize(4);
        assertThat(graph.inputs(new StageId("out"))).hasSize(2);
    }

    @Test
    void refusesDuplicateUnknownAndImpossibleNames() {
        Job job = new Job("j").addStage(source(1));
        refused(ErrorCode.STAGE_DUPLICATE, () -> job.addStage(source(1)));
        refused(ErrorCode.NAME_INVALID, () -> job.addStage(sink(), "no such/name"));
        job.addStage(sink(), "im");
        SolsticeError unknown = refused(ErrorCode.STAGE_UNKNOWN, job::graph);
        assertThat(unknown.help()).startsWith("did you mean 'in'?");
        refused(ErrorCode.NAME_INVALID, () -> new Job(""));
        refused(ErrorCode.NAME_INVALID, () -> Stage.of("a b", SAME));
    }

    @Test
    void settingsAreChecked() {
        Job job = new Job("j");
        refused(ErrorCode.OPTION_INVALID, () -> job.keyGroups(0));
        refused(ErrorCode.OPTION_INVALID, () -> job.keyGroups(32_769));
        refused(ErrorCode.OPTION_INVALID, () -> job.checkpointIntervalSecs(0));
        refused(ErrorCode.OPTION_INVALID, () -> job.checkpointIntervalRecords(-1));
        JobGraph graph = job.checkpointIntervalSecs(60)
                .checkpointIntervalRecords(10_000)
                .keyGroups(64)
                .addStage(source(1))
                .addStage(sink(), "in")
                .graph();
        assertThat(graph.checkpoints()).isEqualTo(new CheckpointPolicy(60, 10_000));
        assertThat(graph.keyGroups()).isEqualTo(64);
    }

    @Test
    void takesIdAndStateBackendFromItsContext() {
        StateBackend backend = new StateBackend.S3StateBackend("b");
        Job job = new Job(new JobContext("x", io.solstice.api.config.Config.EMPTY, backend));
        assertThat(job.id().value()).isEqualTo("x");
        assertThat(job.stateBackend()).isEqualTo(backend);
    }

    @Test
    void aJobThatWasNotSubmittedSaysSo() {
        Job job = new Job("j").addStage(source(1));
        assertThat(job.getStatus().toMap()).isEqualTo(Map.of("job_id", "j", "is_running", false, "initialized", false));
        assertThat(job.getMetrics().stages()).isEmpty();
    }

    @Test
    void statusAndMetricsHaveTheDocumentedNames() {
        SolsticeError error = ErrorCode.INTERNAL.error("x");
        JobStatus failed = new JobStatus("j", JobState.FAILED, true, 1.5, 3, 0, "", CheckpointStatus.NONE, 0, error);
        assertThat(failed.toMap())
                .containsExactly(
                        Map.entry("job_id", "j"),
                        Map.entry("is_running", false),
                        Map.entry("state", "FAILED"),
                        Map.entry("uptime_secs", 1.5),
                        Map.entry("stage_count", 3),
                        Map.entry("running_tasks", 0),
                        Map.entry(
                                "checkpoint_status",
                                Map.of(
                                        "total_checkpoints",
                                        0,
                                        "failed_checkpoints",
                                        0,
                                        "records_since_checkpoint",
                                        0L)),
                        Map.entry("restarts", 0),
                        Map.entry("error", error.display()));
        assertThat(new JobStatus("j", JobState.RUNNING, true, 1, 1, 1, "", CheckpointStatus.NONE, 0, null).isRunning())
                .isTrue();
        assertThat(new CheckpointStatus("checkpoint_1_00000000", 1_500, 20, 3, 1, 7).toMap())
                .containsExactly(
                        Map.entry("latest_checkpoint", "checkpoint_1_00000000"),
                        Map.entry("latest_checkpoint_time", 1.5),
                        Map.entry("total_checkpoints", 3),
                        Map.entry("failed_checkpoints", 1),
                        Map.entry("records_since_checkpoint", 7L));
        StageMetrics stage = new StageMetrics("map", 2, 10, 9, 1, 1, 5, 3, 100, true, List.of(), null, List.of());
        JobMetrics metrics = new JobMetrics("j", JobState.RUNNING, 2.5, List.of(stage), 77);
        assertThat(metrics.toMap())
                .containsOnlyKeys("job_id", "is_running", "uptime_secs", "stage_count", "memory_bytes", "stages")
                .containsEntry("is_running", true)
                .containsEntry("stages", Map.of("map", stage.toMap()));
        assertThat(stage.toMap())
                .containsEntry("stage_id", "map")
                .containsEntry("worker_count", 2)
                .containsEntry("input_records", 10L)
                .containsEntry("output_records", 9L)
                .containsEntry("skipped_records", 1L)
                .containsEntry("late_records", 1L)
                .containsEntry("pending_splits", 2)
                .containsEntry("output_buffer_size", 100L)
                .containsEntry("backpressure_active", true);
        assertThat(metrics.stage("map")).isEqualTo(stage);
        assertThatThrownBy(() -> metrics.stage("nope")).isInstanceOf(IllegalArgumentException.class);
    }
}
