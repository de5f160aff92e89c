package io.solstice.bench.state;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.row.Row;
import io.solstice.api.state.RowOutput;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The state of {@link StateSuite} on a cluster: what each task has seen is at its sink, which says so in a file. */
public final class MovingState implements Workflow {
    public static final int TASKS = 2;
    static final String FRESH = "fresh";
    private static final double CHANGES_PER_SECOND = 20_000;
    private static final String KEYS = "keys";
    private static final String FOLDER = "folder";

    /** @param folder for checkpoints and what the sinks have seen */
    public static JobContext context(String jobId, long keys, Path folder) {
        return JobContext.of(jobId).withConfig(Config.EMPTY.with(KEYS, keys).with(FOLDER, folder.toString()));
    }

    @Override
    public Job createJob(JobContext context) {
        long keys = (long) context.config().number(KEYS, 1);
        Path folder = Path.of(context.config().required(FOLDER));
        return new Job(context)
                .stateBackend(new LocalStateBackend(folder.resolve("state").toString()))
                .checkpointIntervalSecs(TimeUnit.HOURS.toSeconds(1))
                .addStage(Stage.source("updates", () -> new Updates(keys, TASKS, CHANGES_PER_SECOND))
                        .parallelism(TASKS))
                .addStage(Stage.of("by", KeyByOperator.columns("key")).parallelism(TASKS), "updates")
                .addStage(
                        Stage.operator("state", () -> new Touching(new Telling()))
                                .parallelism(TASKS),
                        "by")
                .addStage(Stage.sink("seen", () -> new Seen(folder)).parallelism(TASKS), "state");
    }

    /** Says with each row of a known key how many keys the task has met of which nothing was kept. */
    private static final class Telling implements Witness {
        private long fresh;

        @Override
        public int opened() {
            return (int) ProcessHandle.current().pid();
        }

        @Override
        public void touched(int operator, boolean first, RowOutput out) {
            if (first) {
                fresh++;
            } else {
                out.emit(Row.of(FRESH, fresh));
            }
        }
    }
}
