package io.solstice.common.protocol;

import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import java.util.List;
import java.util.Map;

/** What a master tells a worker about one run of a job. Each command may be repeated without harm. */
public sealed interface WorkerCommand {
    RunId run();

    /** Check the job against the outside world, find its splits, and answer with {@link WorkerReport.Prepared}. */
    record Prepare(RunId run, JobSpec spec) implements WorkerCommand {}

    /**
     * Make the tasks that are placed on this worker, open their roads to other workers, and answer with
     * {@link WorkerReport.Deployed}; nothing flows before {@link Start}.
     *
     * @param inputs for each stage whose input is known before the job runs, its schema, as {@link Prepared} gave it
     * @param secret signs the tickets of this run's channels; known to the workers of the run alone
     * @param restore what the tasks begin with
     * @param renewal which of the placed tasks are to be made
     */
    record Deploy(
            RunId run,
            JobSpec spec,
            Map<StageId, String> inputs,
            Placement placement,
            String secret,
            RestorePoint restore,
            Renewal renewal)
            implements WorkerCommand {
        public Deploy {
            inputs = Map.copyOf(inputs);
        }
    }

    /** Let the deployed tasks work: every worker of the run is ready. */
    record Start(RunId run) implements WorkerCommand {}

    /**
     * Hand splits to a source task.
     *
     * @param number of the question that this answers; an answer that comes again changes nothing
     * @param last there will be no more
     */
    record AssignSplits(RunId run, TaskId task, StageId source, long number, List<SplitStart> splits, boolean last)
            implements WorkerCommand {
        public AssignSplits {
            splits = List.copyOf(splits);
        }
    }

    /**
     * Let the source tasks take their cut, seal and send a barrier; every task answers with
     * {@link WorkerReport.SnapshotTaken} when the barrier has come over all of its roads.
     *
     * @param last the sources read nothing more after it
     * @param canonical the newest that is canonical, or 0; no master will ask again what was sealed up to it
     */
    record Checkpoint(RunId run, long epoch, boolean last, long canonical) implements WorkerCommand {}

    /** End all tasks of the run, throw away what they wrote, answer with {@link WorkerReport.TaskEnded} for each. */
    record Cancel(RunId run) implements WorkerCommand {}

    /**
     * End some tasks of the run, which are to begin again, answer with {@link WorkerReport.TaskEnded} for each, and know
     * nothing more of what they did. The others go on.
     */
    record EndTasks(RunId run, List<TaskId> tasks) implements WorkerCommand {
        public EndTasks {
            tasks = List.copyOf(tasks);
        }
    }

    /** Throw away what tasks sealed that have begun again since; nobody waits for it. */
    record Discard(RunId run, List<Committable> committables) implements WorkerCommand {
        public Discard {
            committables = List.copyOf(committables);
        }
    }

    /** Publish what was sealed, exactly once, and answer with {@link WorkerReport.Committed}. */
    record Commit(RunId run, JobSpec spec, CommitPoint point, List<Committable> committables) implements WorkerCommand {
        public Commit {
            committables = List.copyOf(committables);
        }
    }

    /**
     * End the tasks that have not ended, which begin again in another run, throw away what was sealed, close everything
     * that the run holds, answer with {@link WorkerReport.Released}.
     */
    record Release(RunId run, List<Committable> discarded) implements WorkerCommand {
        public Release {
            discarded = List.copyOf(discarded);
        }
    }
}
