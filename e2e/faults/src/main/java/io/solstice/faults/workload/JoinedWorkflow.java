package io.solstice.faults.workload;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.window.Windows;

/** Two inputs joined by key: pairs of one window, and left rows with whatever is near, or alone. */
public final class JoinedWorkflow implements Workflow {
    public static final String WINDOWED = "windowed";
    public static final String NEAR = "near";
    /** Of a window, in microseconds, as all of these. */
    public static final long SIZE = 2 * Timed.SECOND;

    /** How much a right row may be older, and younger, than a left one that it is near to. */
    public static final long OLDER = 500_000;

    public static final long YOUNGER = Timed.SECOND;
    /** The first partition of the right input; those before it are the left one. */
    public static final int RIGHT = 2;

    @Override
    public Job createJob(JobContext context) {
        Load load = Load.of(context.config());
        TimedStages stages = new TimedStages(load);
        JoinOperator windowed = JoinOperator.inner("lefts", "rights")
                .on("key")
                .time(TimedStages.TIME, TimedStages.TIME)
                .window(Windows.tumbling(TimedStages.micros(SIZE)));
        JoinOperator near = JoinOperator.left("lefts", "rights")
                .on("key")
                .time(TimedStages.TIME, TimedStages.TIME)
                .between(TimedStages.micros(-OLDER), TimedStages.micros(YOUNGER));
        return stages.job(context)
                .addStage(stages.source("lefts", 0, false))
                .addStage(stages.source("rights", RIGHT, false))
                .addStage(Stage.of(WINDOWED, windowed).parallelism(load.tasks()), "lefts", "rights")
                .addStage(Stage.of(NEAR, near).parallelism(load.tasks()), "lefts", "rights")
                .addStage(stages.files(WINDOWED), WINDOWED)
                .addStage(stages.files(NEAR), NEAR);
    }
}
