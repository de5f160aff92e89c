package io.solstice.e2e;

/** A workflow in a source file: a hash exchange between functions on records, whose code must travel. */
final class Counting {
    static final int GROUPS = 7;

    static final String SOURCE = """
            import io.solstice.api.*;
            import io.solstice.api.operator.*;
            import io.solstice.api.sink.*;
            import io.solstice.api.source.*;
            import io.solstice.api.time.*;

            public class Counting implements Workflow {
                record Number(long number) {}

                record Grouped(long number, String group) {}

                record Marked(long number, String group, long square) {}

                @Override
                public Job createJob(JobContext context) {
                    long rows = context.config().wholeNumber("rows", 1000);
                    double rate = context.config().number("rate", 0);
                    long groups = context.config().wholeNumber("groups", 7);
                    GeneratorSource numbers = GeneratorSource.numbers(1, rows).splits(4).rowsPerSecond(rate);
                    MapOperator grouped = MapOperator.records(
                            Number.class, Grouped.class, n -> new Grouped(n.number(), "group " + n.number() % groups));
                    MapOperator marked = MapOperator.records(
                            Grouped.class, Marked.class, g -> new Marked(g.number(), g.group(), g.number() * g.number()));
                    int tasks = context.config().positive("tasks", 2);
                    return new Job(context)
                            .checkpointIntervalSecs(context.config().number("interval", 300))
                            .addStage(Stage.of("numbers", numbers)
                                    .parallelism(2)
                                    .watermarks(Watermarks.of("number")))
                            .addStage(Stage.of("grouped", grouped).parallelism(2), "numbers")
                            .addStage(Stage.of("keyed", KeyByOperator.records(Grouped.class, Grouped::group))
                                    .parallelism(2), "grouped")
                            .addStage(Stage.of("marked", marked)
                                    .parallelism(tasks)
                                    .numCpus(context.config().number("cpus", 1))
                                    .numGpus(context.config().number("gpus", 0)), "keyed")
                            .addStage(Stage.of("out", FileSink.json(context.config().required("output")))
                                    .parallelism(tasks), "marked");
                }
            }
            """;

    /** A workflow whose tasks read and write, each for itself. */
    static final String APART = """
            import io.solstice.api.*;
            import io.solstice.api.operator.*;
            import io.solstice.api.sink.*;
            import io.solstice.api.source.*;

            public class Apart implements Workflow {
                @Override
                public Job createJob(JobContext context) {
                    long rows = context.config().wholeNumber("rows", 1000);
                    double rate = context.config().number("rate", 0);
                    return new Job(context)
                            .checkpointIntervalSecs(context.config().number("interval", 300))
                            .addStage(Stage.of("numbers", GeneratorSource.numbers(1, rows).splits(8).rowsPerSecond(rate))
                                    .parallelism(4))
                            .addStage(Stage.of("out", FileSink.json(context.config().required("output")))
                                    .parallelism(4), "numbers");
                }
            }
            """;

    private Counting() {}
}
