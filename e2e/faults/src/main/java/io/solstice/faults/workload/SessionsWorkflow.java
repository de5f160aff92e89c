package io.solstice.faults.workload;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;

/** Sessions of each key. */
public final class SessionsWorkflow implements Workflow {
    public static final String SESSIONS = "sessions";
    /** A session is over after so many microseconds without a row. */
    public static final long GAP = 2 * Timed.SECOND;

    @Override
    public Job createJob(JobContext context) {
        Load load = Load.of(context.config());
        TimedStages stages = new TimedStages(load);
        return stages.job(context)
                .addStage(stages.source("rows", 0, false))
                .addStage(
                        Stage.of(
                                        SESSIONS,
                                        AggregateOperator.by("key")
                                                .time(TimedStages.TIME)
                                                .window(Windows.session(TimedStages.micros(GAP)))
                                                .aggregate(
                                                        Aggregates.count().as("n"),
                                                        Aggregates.sum("value").as("sum")))
                                .parallelism(load.tasks()),
                        "rows")
                .addStage(stages.files(SESSIONS), SESSIONS);
    }
}
