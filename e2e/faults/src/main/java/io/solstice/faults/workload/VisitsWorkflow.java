package io.solstice.faults.workload;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.operator.KeyByOperator;

/** State by region, and timers. */
public final class VisitsWorkflow implements Workflow {
    public static final String VISITS = "visits";
    /** The kind of a result that tells of a row. */
    public static final String ROW = "row";
    /** The kind of a result that tells of a span of time. */
    public static final String SPAN = "span";
    /** In microseconds. */
    public static final long SPAN_SIZE = 2 * Timed.SECOND;

    @Override
    public Job createJob(JobContext context) {
        Load load = Load.of(context.config());
        TimedStages stages = new TimedStages(load);
        return stages.job(context)
                .addStage(stages.source("rows", 0, false))
                .addStage(Stage.of("by_region", KeyByOperator.columns("region")).parallelism(2), "rows")
                .addStage(
                        Stage.operator(VISITS, () -> new VisitLog(load.has(Plant.EFFECT_TWICE)))
                                .parallelism(load.tasks()),
                        "by_region")
                .addStage(stages.files(VISITS), VISITS);
    }
}
