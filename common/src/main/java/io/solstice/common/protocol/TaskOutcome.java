package io.solstice.common.protocol;

import io.solstice.common.error.SolsticeError;
import java.util.List;

/** How a task ended. */
public sealed interface TaskOutcome {
    /** All input was processed; a sink task names what it sealed. */
    record Finished(List<Committable> committables) implements TaskOutcome {
        public Finished {
            committables = List.copyOf(committables);
        }
    }

    record Failed(SolsticeError error) implements TaskOutcome {}

    record Cancelled() implements TaskOutcome {}
}
