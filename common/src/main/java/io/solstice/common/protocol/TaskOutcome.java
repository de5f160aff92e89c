package io.solstice.common.protocol;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.TaskId;
import java.util.List;

/** How a task ended. */
public sealed interface TaskOutcome {
    /** Why a task that should go on has ended. One that ends as if cancelled, though nobody cancelled it, has failed. */
    default SolsticeError failure(TaskId task) {
        return this instanceof Failed failed
                ? failed.error()
                : ErrorCode.INTERNAL.error("task " + task + " ended without being told to");
    }

    /** All input was processed; a sink task names what it sealed. */
    record Finished(List<Committable> committables) implements TaskOutcome {
        public Finished {
            committables = List.copyOf(committables);
        }
    }

    record Failed(SolsticeError error) implements TaskOutcome {}

    record Cancelled() implements TaskOutcome {}
}
