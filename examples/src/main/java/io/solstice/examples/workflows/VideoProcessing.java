package io.solstice.examples.workflows;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.FlatMapOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.sink.SinkDefinition;
import io.solstice.api.source.LanceTableSource;
import io.solstice.common.graph.Parallelism;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the metadata of videos from a Lance table, keeps the usable ones, cuts each into scenes of five seconds,
 * computes features for each scene, and writes them. The table has a struct column {@code info} with {@code duration}
 * in seconds, {@code width} and {@code height}.
 */
public final class VideoProcessing implements Workflow {
    private static final long GIB = 1L << 30;
    private static final double SCENE_SECS = 5.0;
    /** Taken where a video does not say how long it is. */
    private static final double DEFAULT_DURATION_SECS = 10.0;

    @Override
    public Job createJob(JobContext context) {
        Config config = context.config();
        LanceTableSource videos =
                LanceTableSource.of(config.required("input")).batchSize(config.positive("source_batch_size", 100));
        SinkDefinition results = sink(config);

        return new Job(context)
                .checkpointIntervalSecs(config.number("checkpoint_interval_secs", 600))
                .checkpointIntervalRecords(config.wholeNumber("checkpoint_interval_records", 10_000))
                .addStage(Stage.of("source", videos).numCpus(1).memory(4 * GIB))
                .addStage(
                        Stage.of("classify", MapOperator.rows(VideoProcessing::classify))
                                .parallelism(config.parallelism("classify_parallelism", Parallelism.between(4, 10)))
                                .numCpus(1)
                                .memory(2 * GIB),
                        "source")
                .addStage(
                        Stage.of("filter", FilterOperator.where(col("is_valid")))
                                .parallelism(config.parallelism("filter_parallelism", Parallelism.fixed(2)))
                                .numCpus(1)
                                .memory(GIB),
                        "classify")
                .addStage(
                        Stage.of("detect_scenes", FlatMapOperator.rows(VideoProcessing::detectScenes))
                                .parallelism(config.parallelism("scenes_parallelism", Parallelism.between(4, 20)))
                                .numCpus(2)
                                .memory(4 * GIB),
                        "filter")
                .addStage(
                        Stage.of("extract_features", MapOperator.rows(VideoProcessing::extractFeatures))
                                .parallelism(config.parallelism("features_parallelism", Parallelism.between(2, 8)))
                                .numCpus(2)
                                .numGpus(config.number("features_gpus", 0))
                                .memory(8 * GIB),
                        "detect_scenes")
                .addStage(
                        Stage.of("sink", results)
                                .parallelism(config.parallelism("sink_parallelism", Parallelism.fixed(2)))
                                .numCpus(1)
                                .memory(4 * GIB),
                        "extract_features");
    }

    /** Says whether a video is neither too short, too long nor too small. What is unknown counts as 0. */
    static Row classify(Row video) {
        Row info = video.get("info") instanceof Row known ? known : Row.EMPTY;
        double duration = number(info, "duration", 0);
        boolean wide = number(info, "width", 0) >= 256;
        boolean high = number(info, "height", 0) >= 256;
        return video.with("is_valid", 1.0 < duration && duration < 600.0 && wide && high)
                .with("classification", Row.of("duration_ok", duration > 1.0, "resolution_ok", wide));
    }

    /** One row for each five seconds, at least one. */
    static List<Row> detectScenes(Row video) {
        Row info = video.get("info") instanceof Row known ? known : Row.EMPTY;
        double duration = number(info, "duration", DEFAULT_DURATION_SECS);
        long scenes = Math.max(1, (long) Math.floor(duration / SCENE_SECS));
        List<Row> rows = new ArrayList<>();
        for (long i = 0; i < scenes; i++) {
            rows.add(video.with("scene_id", i)
                    .with("scene_start", i * SCENE_SECS)
                    .with("scene_end", (i + 1) * SCENE_SECS));
        }
        return rows;
    }

    /** Stands where a model would be called: the same features for every scene. */
    static Row extractFeatures(Row scene) {
        return scene.with(
                "features",
                Row.of(
                        "embeddings", List.of(0.1, 0.2, 0.3),
                        "tags", List.of("scene", "video"),
                        "quality_score", 0.85));
    }

    private static double number(Row row, String name, double fallback) {
        return row.get(name) instanceof Number number ? number.doubleValue() : fallback;
    }

    private static SinkDefinition sink(Config config) {
        String output = config.required("output");
        String format = config.text("output_format", "json");
        String mode = config.text("output_mode", "append");
        int bufferSize = config.positive("sink_buffer_size", 1000);
        return format.equals("lance")
                ? LanceSink.fromConfig(Map.of("table_path", output, "mode", mode, "buffer_size", bufferSize))
                : FileSink.fromConfig(Map.of("output_path", output, "format", format, "buffer_size", bufferSize));
    }
}
