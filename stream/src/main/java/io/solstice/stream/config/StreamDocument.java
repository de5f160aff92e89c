package io.solstice.stream.config;

import io.solstice.common.graph.StateStore;
import io.solstice.stream.config.SourceConfig.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stream-processor document with its defaults.
 *
 * @param parallelism how many tasks each window of a pipeline has, and its source if that can be read in parts
 * @param queueSize the most events in one batch
 * @param checkpointIntervalSecs how often a checkpoint is taken
 * @param delay by how much an event may be older than the newest of its source before it is late
 * @param idleTimeout after how long without events a source holds time back no longer
 * @param statePath the folder of the checkpoints, and of stores; null if the document does not say it
 * @param stateStore where operators keep state by key while the job runs
 * @param stateMemoryMib of each store; 0 leaves it to the workers
 */
public record StreamDocument(
        String appName,
        boolean debug,
        int parallelism,
        int queueSize,
        double checkpointIntervalSecs,
        Duration delay,
        Duration idleTimeout,
        @Nullable String statePath,
        StateStore stateStore,
        long stateMemoryMib,
        List<PipelineConfig> pipelines) {
    private static final double LONGEST_SECS = 1e9;

    /**
     * Reads a whole document; what it does not say has its default, so an empty one is a document as well.
     *
     * @param document as YAML gives it: maps, lists, texts, numbers and truth values
     */
    public static StreamDocument of(Map<String, Object> document) {
        Section root = new Section("", Overrides.applied(document));
        String appName = root.text("app_name", "Stream Processor");
        boolean debug = root.flag("debug", false);
        Section processing = root.section("processing");
        int parallelism = (int) processing.wholeNumber("parallelism", 4, 1, 128);
        int queueSize = (int) processing.wholeNumber("queue_size", 10_000, 1, 100_000_000);
        double interval = processing.number("checkpoint_interval", 30, 0.1, LONGEST_SECS);
        processing.finish();
        Section watermarks = root.section("watermarks");
        Duration delay = seconds(watermarks.number("delay_seconds", 5, 0, LONGEST_SECS));
        Duration idle = seconds(watermarks.number("idle_timeout_seconds", 30, 0.001, LONGEST_SECS));
        watermarks.finish();
        Section state = root.section("state");
        String statePath = state.has("path") ? state.requiredText("path", "./state") : null;
        StateStore stateStore = StateStore.of(state.text("backend", "auto"), state.place("backend"));
        long stateMemoryMib = state.wholeNumber("memory_mib", 0, 0, 1 << 20);
        state.finish();
        checkUnused(root);
        PipelineConfig.Common common = new PipelineConfig.Common(windows(root), pace(root));
        List<PipelineConfig> pipelines = PipelineConfig.readAll(root, "pipelines", common);
        root.finish();
        return new StreamDocument(
                appName,
                debug,
                parallelism,
                queueSize,
                interval,
                delay,
                idle,
                statePath,
                stateStore,
                stateMemoryMib,
                pipelines);
    }

    private static List<WindowConfig> windows(Section root) {
        Section windowing = root.section("windowing");
        List<WindowConfig> windows = WindowConfig.readAll(windowing, "windows", List.of(WindowConfig.DEFAULT));
        // Windows are forgotten as event time passes them, so there is nothing to sweep.
        windowing.number("cleanup_interval", 60, 0.001, LONGEST_SECS);
        windowing.finish();
        return windows;
    }

    private static Pace pace(Section root) {
        Section sources = root.section("sources");
        sources.texts("topics");
        Pace pace = Pace.read(sources, Pace.DEFAULT);
        sources.finish();
        return pace;
    }

    /** What belongs to servers that are configured here but run elsewhere: right or wrong, but not used. */
    private static void checkUnused(Section root) {
        Section sinks = root.section("sinks");
        sinks.texts("topics");
        sinks.finish();
        Section kafka = root.section("kafka");
        kafka.text("bootstrap_servers", "");
        kafka.text("group_id", "");
        kafka.oneOf("auto_offset_reset", "latest", List.of("latest", "earliest", "none"));
        kafka.finish();
        Section api = root.section("api");
        api.text("host", "");
        api.wholeNumber("port", 8080, 0, 65_535);
        api.wholeNumber("metrics_port", 9090, 0, 65_535);
        api.finish();
    }

    private static Duration seconds(double number) {
        return Duration.ofNanos(Math.round(number * 1e6) * 1_000);
    }
}
