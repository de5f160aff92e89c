package io.solstice.examples.workflows;

import static io.solstice.api.expr.Expressions.lit;
import static io.solstice.api.expr.Expressions.optional;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.sink.SinkDefinition;
import io.solstice.api.source.LanceTableSource;
import io.solstice.common.graph.Parallelism;
import java.util.List;
import java.util.Map;

/**
 * Reads a Lance table, marks each row as processed, doubles its {@code value}, keeps the rows whose value is above 10,
 * and writes them to a file, or prints them where no {@code output} is given.
 */
public final class SimpleEtl implements Workflow {
    private static final long GIB = 1L << 30;

    @Override
    public Job createJob(JobContext context) {
        Config config = context.config();
        List<String> columns = config.texts("source_columns");
        LanceTableSource table =
                LanceTableSource.of(config.required("input")).batchSize(config.positive("source_batch_size", 1000));
        if (columns != null) {
            table = table.columns(columns);
        }

        return new Job(context)
                .checkpointIntervalSecs(config.number("checkpoint_interval_secs", 300))
                .checkpointIntervalRecords(config.wholeNumber("checkpoint_interval_records", 0))
                // Every task is meant to have 1 CPU and 2 GiB, as is the default. Asking for that here would reserve it
                // and keep the job off a small machine.
                .addStage(Stage.of("source", table))
                .addStage(
                        Stage.of("transform", transform().skipOnError(true))
                                .parallelism(config.parallelism("transform_parallelism", Parallelism.between(2, 8))),
                        "source")
                .addStage(
                        Stage.of("filter", filter().skipOnError(true))
                                .parallelism(config.parallelism("filter_parallelism", Parallelism.fixed(2)))
                                .memory(GIB),
                        "transform")
                .addStage(Stage.of("sink", sink(config)), "filter");
    }

    /** A table need not have values; they are null then. */
    private static MapOperator transform() {
        return MapOperator.withColumns(
                lit(true).as("processed"), optional("value").times(2).as("value_doubled"));
    }

    /** A row without a value counts as 0. */
    private static FilterOperator filter() {
        return FilterOperator.where(optional("value").orElse(0).gt(10));
    }

    private static SinkDefinition sink(Config config) {
        String output = config.text("output");
        String format = config.text("output_format", "json");
        int bufferSize = config.positive("sink_buffer_size", 1000);
        return output == null
                ? PrintSink.create()
                : FileSink.fromConfig(Map.of("output_path", output, "format", format, "buffer_size", bufferSize));
    }
}
