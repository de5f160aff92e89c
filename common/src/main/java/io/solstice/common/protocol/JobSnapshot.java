package io.solstice.common.protocol;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the master knows of a run at one moment.
 *
 * @param run as it was submitted; it stays the same over restarts
 * @param generation of the tasks that run now; that of {@code run} until the first restart
 * @param runningTasks how many tasks are deployed and have not ended
 * @param waitingFor what keeps the job from starting, in words; empty if nothing does
 * @param splits for each source stage, how far its splits are
 * @param restarts how often it began again
 * @param restartCause why it did so the last time, else null
 * @param error why it fails or failed, else null
 */
public record JobSnapshot(
        RunId run,
        long generation,
        JobState state,
        int runningTasks,
        String waitingFor,
        Map<StageId, SplitProgress> splits,
        CheckpointFacts checkpoints,
        int restarts,
        @Nullable SolsticeError restartCause,
        @Nullable SolsticeError error) {
    public JobSnapshot {
        splits = Map.copyOf(splits);
    }

    /** Of a job that has only just been submitted. */
    public static JobSnapshot created(RunId run) {
        return new JobSnapshot(
                run, run.generation(), JobState.CREATED, 0, "", Map.of(), CheckpointFacts.NONE, 0, null, null);
    }

    /** The run that the workers know now. */
    public RunId current() {
        return new RunId(run.job(), generation);
    }

    /** @param done how many of {@code total} splits have been read to their end */
    public record SplitProgress(int total, int done) {}
}
