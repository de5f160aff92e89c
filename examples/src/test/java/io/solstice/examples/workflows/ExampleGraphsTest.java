package io.solstice.examples.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.row.Row;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Parallelism;
import io.solstice.common.graph.StageNode;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExampleGraphsTest {
    private static final long GIB = 1L << 30;

    private static JobGraph graph(Workflow workflow, Map<String, ?> config) throws Exception {
        Job job = workflow.createJob(JobContext.of("example").withConfig(Config.of(config)));
        return job.graph();
    }

    private static List<String> shown(JobGraph graph) {
        return graph.stages().stream()
                .map(stage -> stage.id() + " " + stage.operatorType() + " x" + stage.parallelism() + " cpu "
                        + stage.resources().numCpus() + " gib "
                        + stage.resources().memoryBytes() / GIB)
                .toList();
    }

    @Test
    void simpleEtlHasTheDocumentedStages() throws Exception {
        JobGraph graph = graph(new SimpleEtl(), Map.of("input", "/data/in", "output", "/data/out.json"));
        assertThat(shown(graph))
                .containsExactly(
                        "source LanceTableSource x1 cpu 1.0 gib 2",
                        "transform MapOperator x2-8 cpu 1.0 gib 2",
                        "filter FilterOperator x2 cpu 1.0 gib 1",
                        "sink FileSink x1 cpu 1.0 gib 2");
        assertThat(graph.checkpoints()).isEqualTo(new CheckpointPolicy(300, 0));
        assertThat(graph.stages().get(0).options())
                .containsEntry("batch_size", "1000")
                .doesNotContainKey("columns");
        assertThat(graph.stages().get(1).options()).containsEntry("skip_on_error", "true");
        assertThat(graph.stages().get(2).options()).containsEntry("skip_on_error", "true");
        assertThat(graph.stages().get(3).options())
                .containsEntry("format", "json")
                .containsEntry("buffer_size", "1000");
    }

    @Test
    void simpleEtlFollowsItsSettings() throws Exception {
        JobGraph graph = graph(
                new SimpleEtl(),
                Map.of(
                        "input",
                        "/data/in",
                        "source_batch_size",
                        7,
                        "source_columns",
                        List.of("id", "value"),
                        "transform_parallelism",
                        "4",
                        "filter_parallelism",
                        List.of(1, 3),
                        "checkpoint_interval_secs",
                        5,
                        "checkpoint_interval_records",
                        6));
        assertThat(graph.stages()).extracting(StageNode::operatorType).last().isEqualTo("PrintSink");
        assertThat(graph.stages().get(0).options())
                .containsEntry("batch_size", "7")
                .containsEntry("columns", "[id, value]");
        assertThat(graph.stages().get(1).parallelism()).isEqualTo(Parallelism.fixed(4));
        assertThat(graph.stages().get(2).parallelism()).isEqualTo(Parallelism.between(1, 3));
        assertThat(graph.checkpoints()).isEqualTo(new CheckpointPolicy(5, 6));
        assertThatThrownBy(() -> graph(new SimpleEtl(), Map.of()))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("this workflow needs 'input'");
    }

    @Test
    void videoProcessingHasTheDocumentedStages() throws Exception {
        Map<String, Object> config = Map.of("input", "/in", "output", "/out", "features_gpus", 1);
        JobGraph graph = graph(new VideoProcessing(), config);
        assertThat(shown(graph))
                .containsExactly(
                        "source LanceTableSource x1 cpu 1.0 gib 4",
                        "classify MapOperator x4-10 cpu 1.0 gib 2",
                        "filter FilterOperator x2 cpu 1.0 gib 1",
                        "detect_scenes FlatMapOperator x4-20 cpu 2.0 gib 4",
                        "extract_features MapOperator x2-8 cpu 2.0 gib 8",
                        "sink FileSink x2 cpu 1.0 gib 4");
        assertThat(graph.stages().get(4).resources().numGpus()).isEqualTo(1);
        assertThat(graph.checkpoints()).isEqualTo(new CheckpointPolicy(600, 10_000));
        JobGraph lance = graph(
                new VideoProcessing(),
                Map.of("input", "/in", "output", "/out", "output_format", "lance", "output_mode", "overwrite"));
        assertThat(lance.stages().get(5).operatorType()).isEqualTo("LanceSink");
        assertThat(lance.stages().get(5).options()).containsEntry("mode", "overwrite");
    }

    private static Row video(@Nullable Object duration, Object width, Object height) {
        return Row.of("id", 1L, "info", Row.of("duration", duration, "width", width, "height", height));
    }

    @Test
    void classifiesVideos() {
        assertThat(VideoProcessing.classify(video(30.0, 640, 480)))
                .isEqualTo(video(30.0, 640, 480)
                        .with("is_valid", true)
                        .with("classification", Row.of("duration_ok", true, "resolution_ok", true)));
        for (Row unusable : List.of(
                video(1.0, 640, 480),
                video(600.0, 640, 480),
                video(30.0, 255, 480),
                video(30.0, 640, 255),
                video(null, 640, 480),
                Row.of("id", 1L))) {
            assertThat(VideoProcessing.classify(unusable).getBoolean("is_valid"))
                    .isFalse();
        }
    }

    @Test
    void cutsVideosIntoScenes() {
        assertThat(VideoProcessing.detectScenes(video(17.0, 640, 480)))
                .extracting(row -> row.get("scene_id") + " " + row.get("scene_start") + " " + row.get("scene_end"))
                .containsExactly("0 0.0 5.0", "1 5.0 10.0", "2 10.0 15.0");
        assertThat(VideoProcessing.detectScenes(video(3.0, 640, 480))).hasSize(1);
        assertThat(VideoProcessing.detectScenes(Row.of("id", 1L))).hasSize(2);
        assertThat(VideoProcessing.extractFeatures(Row.EMPTY).getRow("features").getDouble("quality_score"))
                .isEqualTo(0.85);
    }

    @Test
    void quickstartHasFourStages() throws Exception {
        JobGraph graph = graph(new Quickstart(), Map.of());
        assertThat(graph.stages())
                .extracting(stage -> stage.id().value())
                .containsExactly("source", "square", "filter", "sink");
        assertThat(graph.stages().get(1).parallelism()).isEqualTo(Parallelism.fixed(2));
        assertThat(graph.checkpoints()).isEqualTo(new CheckpointPolicy(10, 20));
    }

    @Test
    void everyWorkflowCanBeFoundByName() {
        assertThat(ServiceLoader.load(Workflow.class).stream()
                        .map(provider -> provider.type().getSimpleName()))
                .containsExactlyInAnyOrder("EventCounts", "MakeTable", "Quickstart", "SimpleEtl", "VideoProcessing");
    }

    @Test
    void eventCountsDividesByTypeAndKeepsTime() throws Exception {
        JobGraph graph = graph(new EventCounts(), Map.of("window_seconds", 2.5, "delay_seconds", 0.25));
        assertThat(graph.stages().get(0).options())
                .containsEntry("watermarks.column", "event_time")
                .containsEntry("watermarks.delay_seconds", "0.25");
        assertThat(graph.stages().get(1).options().get("window")).contains("2.5S");
        assertThat(graph.edges().get(0).keyColumns()).containsExactly("event_type");
    }
}
