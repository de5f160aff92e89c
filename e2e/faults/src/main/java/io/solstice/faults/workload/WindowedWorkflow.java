package io.solstice.faults.workload;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;

/** Rows counted and summed up by region, in tumbling and in sliding windows side by side. */
public final class WindowedWorkflow implements Workflow {
    public static final String TUMBLING = "tumbling";
    public static final String SLIDING = "sliding";
    /** Of a tumbling window, in microseconds, as all of these. */
    public static final long TUMBLING_SIZE = 2 * Timed.SECOND;

    public static final long SLIDING_SIZE = 5 * Timed.SECOND;
    public static final long SLIDE = 2 * Timed.SECOND;

    @Override
    public Job createJob(JobContext context) {
        Load load = Load.of(context.config());
        TimedStages stages = new TimedStages(load);
        Windows tumbling = Windows.tumbling(TimedStages.micros(TUMBLING_SIZE));
        Windows sliding = Windows.sliding(TimedStages.micros(SLIDING_SIZE), TimedStages.micros(SLIDE));
        return stages.job(context)
                .addStage(stages.source("rows", 0, true))
                .addStage(counted(TUMBLING, tumbling, load), "rows")
                .addStage(counted(SLIDING, sliding, load), "rows")
                .addStage(stages.files(TUMBLING), TUMBLING)
                .addStage(stages.files(SLIDING), SLIDING);
    }

    private static Stage counted(String id, Windows windows, Load load) {
        return Stage.of(
                        id,
                        AggregateOperator.by("region")
                                .time(TimedStages.TIME)
                                .window(windows)
                                .aggregate(
                                        Aggregates.count().as("n"),
                                        Aggregates.sum("value").as("sum")))
                .parallelism(load.tasks());
    }
}
