package io.solstice.worker.job;

import io.solstice.common.id.StageId;
import io.solstice.exchange.channel.Inbox;
import io.solstice.worker.task.Fork;
import io.solstice.worker.task.Roads;
import io.solstice.worker.task.TaskOutput;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task's channels, made before the tasks so that both ends know them.
 *
 * @param out by the stage that they leave
 */
record TaskRoads(Inbox in, Map<StageId, Roads> out) {
    TaskRoads {
        out = Map.copyOf(out);
    }

    /** Null if no channel leaves the stage. */
    @Nullable
    Roads from(StageId stage) {
        return out.get(stage);
    }

    /** All roads out, for a task that has no rows to send. */
    TaskOutput all() {
        return new Fork(out.values().stream()
                .map(roads -> new Fork.Branch(List.of(), roads))
                .toList());
    }
}
