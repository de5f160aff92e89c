package io.solstice.cli;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.source.GeneratorSource;

/**
 * A job of moments, for {@link ArchiveCommand}: what most jobs do, so that a cluster has loaded the classes for it. Public
 * because workers make it by its name.
 */
public final class ArchiveJob implements Workflow {
    record Number(long number) {}

    record Square(long number, long squared) {}

    @Override
    public Job createJob(JobContext context) {
        return new Job(context)
                .addStage(Stage.of("numbers", GeneratorSource.numbers(0, 999).splits(2))
                        .parallelism(2))
                .addStage(
                        Stage.of(
                                        "doubled",
                                        MapOperator.select(
                                                col("number").times(2).as("number")))
                                .parallelism(2),
                        "numbers")
                .addStage(Stage.of("keyed", KeyByOperator.columns("number")).parallelism(2), "doubled")
                .addStage(
                        Stage.of("squared", MapOperator.records(Number.class, Square.class, ArchiveJob::square))
                                .parallelism(2),
                        "keyed")
                .addStage(
                        Stage.of(
                                        "some",
                                        FilterOperator.where(
                                                col("number").modulo(4).eq(0)))
                                .parallelism(2),
                        "squared")
                .addStage(Stage.of("printed", new PrintSink(1)), "some");
    }

    private static Square square(Number in) {
        return new Square(in.number(), in.number() * in.number());
    }
}
