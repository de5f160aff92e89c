package io.solstice.examples.workflows;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.LanceSink;
import io.solstice.api.source.GeneratorSource;

/** Makes a Lance table to play with: {@code id}, a {@code value} from 0 to 99, and a {@code name}. */
public final class MakeTable implements Workflow {
    /** A number of the generator. */
    record Number(long number) {}

    /** A row of the table. */
    record Item(long id, double value, String name) {}

    @Override
    public Job createJob(JobContext context) {
        Config config = context.config();
        long rows = config.wholeNumber("rows", 1_000_000);
        return new Job(context)
                .addStage(Stage.of("numbers", GeneratorSource.numbers(1, rows)))
                .addStage(Stage.of("items", MapOperator.records(Number.class, Item.class, MakeTable::item)), "numbers")
                .addStage(
                        Stage.of(
                                "table", LanceSink.of(config.required("output")).mode("overwrite")),
                        "items");
    }

    private static Item item(Number in) {
        long id = in.number();
        return new Item(id, id * 7919 % 100, "item-" + id);
    }
}
