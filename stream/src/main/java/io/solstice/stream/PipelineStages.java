package io.solstice.stream;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.expr.Expression;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.time.Watermarks;
import io.solstice.common.loop.Clock;
import io.solstice.stream.config.Condition;
import io.solstice.stream.config.PipelineConfig;
import io.solstice.stream.config.SinkConfig;
import io.solstice.stream.config.SourceConfig;
import io.solstice.stream.config.StreamDocument;
import io.solstice.stream.config.WindowConfig;
import io.solstice.stream.result.MetricsOperator;
import io.solstice.stream.result.MetricsSink;
import io.solstice.stream.result.ResultText;
import io.solstice.stream.result.Results;
import io.solstice.stream.source.EventShape;
import io.solstice.stream.source.LineEvents;
import io.solstice.stream.source.MadeEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The stages of one pipeline, all of whose ids begin with its own. */
final class PipelineStages {
    private final StreamDocument document;
    private final PipelineConfig pipeline;
    private final EventShape shape;

    PipelineStages(StreamDocument document, PipelineConfig pipeline) {
        this.document = document;
        this.pipeline = pipeline;
        this.shape = new EventShape(pipeline.fields(), pipeline.aggregate().field(), document.queueSize());
    }

    private String id(String stage) {
        return pipeline.id() + "_" + stage;
    }

    void addTo(Job job) {
        job.addStage(source());
        String events = id("source");
        if (!pipeline.filter().isEmpty()) {
            job.addStage(filter(), events);
            events = id("filter");
        }
        List<String> results = new ArrayList<>();
        for (WindowConfig window : pipeline.windows()) {
            results.add(addWindow(job, window, events));
        }
        pipeline.sinks().forEach(sink -> addSink(job, sink, results));
    }

    private Stage source() {
        Watermarks time =
                Watermarks.of(EventShape.EVENT_TIME).delay(document.delay()).idleTimeout(document.idleTimeout());
        EventShape events = shape;
        if (pipeline.source() instanceof SourceConfig.Lines lines) {
            return Stage.source(id("source"), () -> new LineEvents(lines, events))
                    .watermarks(time.splitsInOrder(lines.inOrder()))
                    .parallelism(sourceTasks());
        }
        SourceConfig.Made made = (SourceConfig.Made) pipeline.source();
        return Stage.source(id("source"), () -> new MadeEvents(made, events, Clock.SYSTEM))
                .watermarks(time);
    }

    private int sourceTasks() {
        if (pipeline.source() instanceof SourceConfig.Lines lines) {
            int files = lines.paths().size();
            // Each of the files that never end needs a task of its own.
            return lines.loop() ? files : Math.min(files, document.parallelism());
        }
        return 1;
    }

    private Stage filter() {
        Expression all = pipeline.filter().stream()
                .map(Condition::expression)
                .reduce(Expression::and)
                .orElseThrow();
        return Stage.of(id("filter"), FilterOperator.where(all)).parallelism(sourceTasks());
    }

    private String addWindow(Job job, WindowConfig window, String events) {
        Results results = new Results(pipeline, window);
        AggregateOperator aggregate = AggregateOperator.by(pipeline.key().column())
                .window(window.windows())
                .allowedLateness(window.allowedLateness())
                .aggregate(results.aggregates());
        String windows = id(window.definition());
        job.addStage(Stage.of(windows, aggregate).parallelism(document.parallelism()), events);
        String named = windows + "_results";
        job.addStage(Stage.of(named, results.operator()).parallelism(document.parallelism()), windows);
        return named;
    }

    private void addSink(Job job, SinkConfig sink, List<String> results) {
        String stage = id(sink.name());
        if (sink instanceof SinkConfig.File file) {
            FileSink files = FileSink.fromConfig(Map.of("output_path", file.path(), "mode", file.mode()));
            job.addStage(Stage.of(stage, files), results);
        } else if (sink instanceof SinkConfig.Metrics) {
            String name = pipeline.name();
            job.addStage(Stage.operator(stage + "_sums", MetricsOperator::new), results);
            job.addStage(Stage.sink(stage, () -> new MetricsSink(name)), stage + "_sums");
        } else {
            job.addStage(Stage.of(stage + "_text", ResultText.operator()), results);
            job.addStage(Stage.of(stage, PrintSink.numbered("RESULT")), stage + "_text");
        }
    }
}
