package io.solstice.common.protocol;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import java.util.List;
import java.util.Map;

/** What a worker tells its master. */
public sealed interface WorkerReport {
    JobId job();

    /** The job can run; these are the splits of its sources. */
    record Prepared(JobId job, Map<StageId, List<Split>> splits) implements WorkerReport {}

    /** The job cannot run; nothing was written. */
    record PrepareFailed(JobId job, SolsticeError error) implements WorkerReport {}

    /** A source task has room for more work. */
    record SplitsWanted(TaskId task, StageId source) implements WorkerReport {
        @Override
        public JobId job() {
            return task.job();
        }
    }

    /** A source task has read a split to its end. */
    record SplitFinished(TaskId task, StageId source, String splitId) implements WorkerReport {
        @Override
        public JobId job() {
            return task.job();
        }
    }

    /** A task has ended: with what it sealed, with an error, or because it was told to. */
    record TaskEnded(TaskId task, TaskOutcome outcome) implements WorkerReport {
        @Override
        public JobId job() {
            return task.job();
        }
    }

    /** Everything sealed has been published. */
    record Committed(JobId job) implements WorkerReport {}

    /** Something sealed could not be published. */
    record CommitFailed(JobId job, SolsticeError error) implements WorkerReport {}

    /** The worker holds nothing of the job any more. */
    record Released(JobId job) implements WorkerReport {}
}
