package io.solstice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.StateBackend;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.config.Config;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StatePolicy;
import io.solstice.common.graph.StateStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamProcessorTest {
    private static Job job(Map<String, Object> document) {
        return new StreamProcessor().createJob(JobContext.of("job").withConfig(Config.of(document)));
    }

    private static List<String> stages(JobGraph graph) {
        return graph.stages().stream()
                .map(stage -> stage.id() + " x" + stage.parallelism().initial())
                .toList();
    }

    @Test
    void withoutADocumentMockEventsAreCountedAndPrinted() {
        JobGraph graph = job(Map.of()).graph();
        assertThat(stages(graph))
                .containsExactly(
                        "default_source x1",
                        "default_tumbling_60000 x4",
                        "default_tumbling_60000_results x4",
                        "default_console_text x1",
                        "default_console x1");
        assertThat(graph.checkpoints().intervalSecs()).isEqualTo(30);
        assertThat(options(graph, "default_source"))
                .containsEntry("watermarks.column", "event_time")
                .containsEntry("watermarks.delay_seconds", "5.0")
                .containsEntry("watermarks.idle_timeout_seconds", "30.0");
        assertThat(options(graph, "default_tumbling_60000"))
                .containsEntry("keys", "partition_key")
                .containsEntry("window", "tumbling PT1M")
                .containsEntry("allowed_lateness", "PT5S");
    }

    private static Map<String, String> options(JobGraph graph, String stage) {
        return graph.stages().stream()
                .filter(node -> node.id().toString().equals(stage))
                .map(StageNode::options)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void pipelinesShareAJobAndNothingElse() {
        Map<String, Object> tumbling = Map.of("type", "tumbling", "size_ms", 1_000);
        Map<String, Object> session = Map.of("type", "session", "gap_ms", 500, "allowed_lateness_ms", 0);
        JobGraph graph = job(Map.of(
                        "processing", Map.of("parallelism", 2),
                        "windowing", Map.of("windows", List.of(tumbling, session)),
                        "pipelines",
                                List.of(
                                        Map.of(
                                                "id", "a",
                                                "source", Map.of("type", "file", "path", List.of("1", "2", "3")),
                                                "filter", Map.of("field", "kind", "value", "x"),
                                                "key", "user",
                                                "sinks",
                                                        List.of(
                                                                Map.of("type", "file", "path", "out"),
                                                                Map.of("type", "metrics"))),
                                        Map.of(
                                                "id", "b",
                                                "windows", List.of(session),
                                                "source", Map.of("type", "file", "path", "4", "loop", true)))))
                .graph();
        assertThat(stages(graph))
                .containsExactly(
                        "a_source x2",
                        "a_filter x2",
                        "a_tumbling_1000 x2",
                        "a_tumbling_1000_results x2",
                        "a_session_500 x2",
                        "a_session_500_results x2",
                        "a_file x1",
                        "a_metrics_sums x1",
                        "a_metrics x1",
                        "b_source x1",
                        "b_session_500 x2",
                        "b_session_500_results x2",
                        "b_console_text x1",
                        "b_console x1");
        assertThat(graph.edges())
                .allMatch(edge ->
                        edge.from().toString().charAt(0) == edge.to().toString().charAt(0));
        assertThat(graph.edges().stream().filter(edge -> edge.partitioning() == Partitioning.HASH))
                .extracting(Edge::keyColumns)
                .containsExactly(List.of("data.user"), List.of("data.user"), List.of("partition_key"));
    }

    /** The command adds the interval to the settings, and lays it over the job itself. */
    @Test
    void theCommandsSettingsAreNoKeysOfTheDocument() {
        Map<String, Object> given = Map.of(
                "checkpoint_interval_secs", 5.0, "checkpoint_interval_records", 9L, "state", Map.of("path", "here"));
        assertThat(job(given).stateBackend()).isEqualTo(new LocalStateBackend("here"));
        StateBackend other = new LocalStateBackend("elsewhere");
        assertThat(new StreamProcessor()
                        .createJob(new JobContext("job", Config.of(given), other))
                        .stateBackend())
                .as("one that was given beside the document wins")
                .isEqualTo(other);
    }

    @Test
    void stateByKeyLiesWhereTheDocumentSays() {
        assertThat(job(Map.of()).graph().state()).isEqualTo(new StatePolicy(StateStore.AUTO, "./state"));
        assertThat(job(Map.of("state", Map.of("path", "here", "backend", "rocksdb")))
                        .graph()
                        .state())
                .isEqualTo(new StatePolicy(StateStore.ROCKSDB, "here"));
    }
}
