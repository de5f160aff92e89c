package io.solstice.examples.workflows;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.PrintSink;

/** The smallest complete pipeline: numbers from a source of one's own, squared, the even ones printed. */
public final class Quickstart implements Workflow {
    /** What is read: the components name the columns. */
    record Number(long number) {}

    /** What is made. */
    record Square(long number, long squared) {}

    @Override
    public Job createJob(JobContext context) {
        long maxNum = context.config().positive("max_num", 50);
        return new Job(context)
                .checkpointIntervalSecs(10)
                .checkpointIntervalRecords(20)
                .addStage(Stage.source("source", () -> new NumberSource(maxNum)))
                .addStage(
                        Stage.of("square", MapOperator.records(Number.class, Square.class, Quickstart::square))
                                .parallelism(2),
                        "source")
                .addStage(
                        Stage.of(
                                "filter",
                                FilterOperator.where(col("number").modulo(2).eq(0))),
                        "square")
                .addStage(Stage.of("sink", PrintSink.create()), "filter");
    }

    private static Square square(Number in) {
        return new Square(in.number(), in.number() * in.number());
    }
}
