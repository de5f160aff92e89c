package io.solstice.common.protocol;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a worker tells its master about one run of a job. */
public sealed interface WorkerReport {
    RunId run();

    /**
     * The job can run.
     *
     * @param splits of its sources
     * @param inputs for each stage whose input is known before the job runs, its schema; the master does not look inside
     * @param rescalable stages whose state can be divided among another number of tasks
     */
    record Prepared(RunId run, Map<StageId, List<Split>> splits, Map<StageId, String> inputs, Set<StageId> rescalable)
            implements WorkerReport {
        public Prepared {
            Map<StageId, List<Split>> copy = new HashMap<>();
            splits.forEach((stage, list) -> copy.put(stage, List.copyOf(list)));
            splits = Map.copyOf(copy);
            inputs = Map.copyOf(inputs);
            rescalable = Set.copyOf(rescalable);
        }
    }

    /** The job cannot run; nothing was written. */
    record PrepareFailed(RunId run, SolsticeError error) implements WorkerReport {}

    /** This worker's tasks are there and can receive. */
    record Deployed(RunId run) implements WorkerReport {}

    /** None of this worker's tasks is there. */
    record DeployFailed(RunId run, SolsticeError error) implements WorkerReport {}

    /**
     * A source task has room for more work.
     *
     * @param number counts the task's questions from 1, so that a repeated one gets the same answer
     * @param ahead it has one to read yet: it asks early, or to hear whether there will be more
     */
    record SplitsWanted(RunId run, TaskId task, StageId source, long number, boolean ahead) implements WorkerReport {}

    /** A source task has read a split to its end. */
    record SplitFinished(RunId run, TaskId task, StageId source, String splitId) implements WorkerReport {}

    /** A task has ended: with what it sealed, with an error, or because it was told to. */
    record TaskEnded(RunId run, TaskId task, TaskOutcome outcome) implements WorkerReport {}

    /** A task has taken its cut, and everything that it names is written for good. */
    record SnapshotTaken(RunId run, long epoch, TaskSnapshot snapshot) implements WorkerReport {}

    /**
     * A task has taken its cut, but its state could not be written. It goes on, and so does the job.
     *
     * @param committables what its sink sealed; it belongs to the next checkpoint
     */
    record SnapshotFailed(RunId run, long epoch, TaskId task, List<Committable> committables, SolsticeError error)
            implements WorkerReport {
        public SnapshotFailed {
            committables = List.copyOf(committables);
        }
    }

    /** Everything that was sealed up to the epoch has been published. */
    record Committed(RunId run, long epoch) implements WorkerReport {}

    /** Something sealed could not be published. */
    record CommitFailed(RunId run, long epoch, SolsticeError error) implements WorkerReport {}

    /** All that a new master must know of a run that the worker kept while the old one was away. */
    record Kept(RunId run, RunAccount account) implements WorkerReport {}

    /** The worker holds nothing of the run any more. */
    record Released(RunId run) implements WorkerReport {}
}
