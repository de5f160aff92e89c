package io.solstice.common.protocol;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the master knows of a run at one moment.
 *
 * @param runningTasks how many tasks are deployed and have not ended
 * @param waitingFor what keeps the job from starting, in words; empty if nothing does
 * @param splits for each source stage, how far its splits are
 * @param error why it fails or failed, else null
 */
public record JobSnapshot(
        RunId run,
        JobState state,
        int runningTasks,
        String waitingFor,
        Map<StageId, SplitProgress> splits,
        @Nullable SolsticeError error) {
    public JobSnapshot {
        splits = Map.copyOf(splits);
    }

    /** @param done how many of {@code total} splits have been read to their end */
    public record SplitProgress(int total, int done) {}
}
