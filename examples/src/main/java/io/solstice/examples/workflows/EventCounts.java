package io.solstice.examples.workflows;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.sink.SinkDefinition;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import java.time.Duration;

/** Counts mock events by their type in windows of event time, with the mean and the greatest of their values. */
public final class EventCounts implements Workflow {
    @Override
    public Job createJob(JobContext context) {
        Config config = context.config();
        GeneratorSource events = GeneratorSource.mockEvents(config.wholeNumber("events", 100_000))
                .rowsPerSecond(config.number("events_per_second", 0));
        // They come up to a second out of order.
        Watermarks time = Watermarks.of("event_time").delay(seconds(config.number("delay_seconds", 1)));
        AggregateOperator counts = AggregateOperator.by("event_type")
                .window(Windows.tumbling(seconds(config.number("window_seconds", 10))))
                .allowedLateness(seconds(config.number("lateness_seconds", 0)))
                .aggregate(
                        Aggregates.count().as("events"),
                        Aggregates.avg("value").as("mean"),
                        Aggregates.max("value").as("greatest"));
        return new Job(context)
                .checkpointIntervalSecs(config.number("checkpoint_interval_secs", 60))
                .addStage(Stage.of("events", events).watermarks(time))
                .addStage(Stage.of("counts", counts).parallelism(config.positive("parallelism", 2)), "events")
                .addStage(Stage.of("sink", sink(config)), "counts");
    }

    private static Duration seconds(double number) {
        return Duration.ofNanos(Math.round(number * 1e9));
    }

    private static SinkDefinition sink(Config config) {
        String output = config.text("output");
        return output == null ? PrintSink.create() : FileSink.json(output);
    }
}
