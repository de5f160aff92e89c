package io.solstice.examples.workflows;

import static io.solstice.api.expr.Expressions.col;
import static io.solstice.api.expr.Expressions.lit;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.expr.Expression;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.source.GeneratorSource;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Makes a Lance table to play with: {@code id}, a {@code value} from 0 to 99, and a {@code name}. */
public final class MakeTable implements Workflow {
    private static final ArrowType FLOAT64 = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

    @Override
    public Job createJob(JobContext context) {
        Config config = context.config();
        long rows = config.wholeNumber("rows", 1_000_000);
        LanceSink table =
                LanceSink.of(config.required("output")).mode("overwrite").bufferSize(100_000);
        return new Job(context)
                .addStage(Stage.of("numbers", GeneratorSource.numbers(1, rows)))
                .addStage(Stage.of("items", items()), "numbers")
                .addStage(Stage.of("table", table), "items");
    }

    private static MapOperator items() {
        Expression id = col("number");
        return MapOperator.select(
                id.as("id"),
                id.times(7919).modulo(100).cast(FLOAT64).as("value"),
                lit("item-").concat(id.cast(ArrowType.Utf8.INSTANCE)).as("name"));
    }
}
