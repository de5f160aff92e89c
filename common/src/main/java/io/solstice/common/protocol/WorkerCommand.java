package io.solstice.common.protocol;

import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import java.util.List;

/** What a master tells a worker. Each command may be repeated without harm. */
public sealed interface WorkerCommand {
    JobId job();

    /** Check the job against the outside world, find its splits, and answer with {@link WorkerReport.Prepared}. */
    record Prepare(JobId job) implements WorkerCommand {}

    /** Start these tasks. */
    record Deploy(JobId job, List<TaskId> tasks) implements WorkerCommand {}

    /** Hand splits to a source task; {@code last} says that there will be no more. */
    record AssignSplits(TaskId task, StageId source, List<Split> splits, boolean last) implements WorkerCommand {
        @Override
        public JobId job() {
            return task.job();
        }
    }

    /** End all tasks of the job, throw away what they wrote, answer with {@link WorkerReport.TaskEnded} for each. */
    record Cancel(JobId job) implements WorkerCommand {}

    /** Publish what was sealed, exactly once, and answer with {@link WorkerReport.Committed}. */
    record Commit(JobId job, List<Committable> committables) implements WorkerCommand {}

    /** Throw away what was sealed, close everything that the job holds, answer with {@link WorkerReport.Released}. */
    record Release(JobId job, List<Committable> discarded) implements WorkerCommand {}
}
