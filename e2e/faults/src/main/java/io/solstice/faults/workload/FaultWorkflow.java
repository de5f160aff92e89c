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
 * align over two channels in the counting tasks.
 */
public final class FaultWorkflow implements Workflow {
    private static final int TASKS = 2;
    private static final int HEAVY_TASKS = 3;
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
        Stage count = Stage.operator(
                        "count", () -> new KeyCounter(load.has(Plant.FORGETS_STATE), (int) load.ballastBytes()))
                .parallelism(heavy ? HEAVY_TASKS : TASKS)
                // So that they are spread over the workers.
                .numCpus(heavy ? 1 : 0);
        Job job = new Job(context)
                .checkpointIntervalSecs(load.intervalSecs())
                .addStage(Stage.source("events", () -> new EventSource(load)).parallelism(TASKS))
                .addStage(
                        Stage.of("sized", MapOperator.enrich(Payload.class, Size.class, in -> size(in, wrong)))
                                .parallelism(TASKS),
                        "events")
                .addStage(Stage.of("keyed", KeyByOperator.columns("key")).parallelism(TASKS), "sized")
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

    static Size size(Payload in, boolean wrong) {
        return new Size(in.payload().length() + (wrong && in.seq() % WRONG_ONE_IN == 1 ? 1 : 0));
    }
}
