package io.solstice.faults.workload;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.LanceSink;
import io.solstice.common.graph.Partitioning;
import java.nio.file.Path;

/**
 * Events, a typed map, an exchange by key, a count for each key, then files and a Lance table side by side. Barriers
 * align over two channels in the counting tasks. With ballast a large state by key comes before, and no table behind.
 */
public final class FaultWorkflow implements Workflow {
    private static final int TASKS = 2;
    static final int HEAVY_TASKS = 3;
    private static final long WRONG_ONE_IN = 1009;

    /** What the map reads. */
    public record Payload(String payload, long seq) {}

    /** What the map adds. */
    public record Size(long size) {}

    /** Where the files are, below the output folder. */
    public static Path files(Path output) {
        return output.resolve("events");
    }

    /** Where the table is, below the output folder. */
    public static Path table(Path output) {
        return output.resolve("events.lance");
    }

    @Override
    public Job createJob(JobContext context) {
        Load load = Load.of(context.config());
        Path output = Path.of(load.output());
        boolean wrong = load.has(Plant.WRONG_VALUE);
        boolean heavy = load.ballastBytes() > 0;
        Stage count = Stage.operator("count", () -> new KeyCounter(load.has(Plant.FORGETS_STATE)))
                .parallelism(heavy ? HEAVY_TASKS : TASKS)
                .numCpus(0);
        Job job = new Job(context)
                .checkpointIntervalSecs(load.intervalSecs())
                .stateStore(load.backend())
                .addStage(Stage.source("events", () -> new EventSource(load)).parallelism(TASKS))
                .addStage(
                        Stage.of("sized", MapOperator.enrich(Payload.class, Size.class, in -> size(in, wrong)))
                                .parallelism(TASKS),
                        "events");
        if (heavy) {
            remember(job, load);
        }
        String before = heavy ? "visitors" : "sized";
        int tasks = heavy ? HEAVY_TASKS : TASKS;
        job.addStage(Stage.of("keyed", KeyByOperator.columns("key")).parallelism(tasks), before)
                .addStage(load.has(Plant.NO_EXCHANGE) ? count.partitioning(Partitioning.FORWARD) : count, "keyed")
                .addStage(
                        Stage.of("files", FileSink.json(files(output).toString()))
                                .parallelism(heavy ? HEAVY_TASKS : TASKS),
                        "count");
        if (!heavy) {
            job.addStage(
                    Stage.of("table", LanceSink.of(table(output).toString())).parallelism(TASKS), "count");
        }
        return job;
    }

    private static void remember(Job job, Load load) {
        long visitors = load.visitorsOfPart(HEAVY_TASKS);
        job.addStage(
                        Stage.of(
                                        "placed",
                                        MapOperator.enrich(
                                                Visitors.Place.class,
                                                Visitors.Visitor.class,
                                                place -> Visitors.of(place, visitors)))
                                .parallelism(TASKS),
                        "sized")
                .addStage(
                        Stage.of("by_visitor", KeyByOperator.columns(Visitors.COLUMN))
                                .parallelism(TASKS),
                        "placed")
                .addStage(
                        Stage.operator("visitors", () -> new Visitors(visitors))
                                .parallelism(HEAVY_TASKS)
                                // So that they are spread over the workers.
                                .numCpus(1),
                        "by_visitor");
    }

    static Size size(Payload in, boolean wrong) {
        return new Size(in.payload().length() + (wrong && in.seq() % WRONG_ONE_IN == 1 ? 1 : 0));
    }
}
