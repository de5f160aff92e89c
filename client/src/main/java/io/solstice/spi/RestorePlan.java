package io.solstice.spi;

import io.solstice.common.error.SolsticeError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job would begin with if it were started from a checkpoint now.
 *
 * @param refusal why it could not; null if it could
 */
public record RestorePlan(
        String checkpoint, List<Step> steps, @Nullable SolsticeError refusal) {
    public RestorePlan {
        steps = List.copyOf(steps);
    }

    /** What becomes of a stage. */
    public enum Change {
        /** It goes on with what the checkpoint has of it. */
        KEPT,
        /** The checkpoint does not know it, so it begins empty. */
        NEW,
        /** The job has it no more. */
        GONE
    }

    /**
     * One stage of the job, or of the checkpoint.
     *
     * @param stage its id now, or the one that it had if it is gone
     * @param before its id in the checkpoint; empty if it is new
     * @param tasksBefore 0 if it is new
     * @param tasks 0 if it is gone
     * @param notes what the checkpoint has of it and what becomes of that, in words
     */
    public record Step(String stage, String before, Change change, int tasksBefore, int tasks, List<String> notes) {
        public Step {
            notes = List.copyOf(notes);
        }
    }
}
