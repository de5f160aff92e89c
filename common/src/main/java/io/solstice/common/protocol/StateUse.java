package io.solstice.common.protocol;

import io.solstice.common.graph.StateStore;
import io.solstice.common.id.StageId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks of a stage keep state by key while they run.
 *
 * @param store as {@link StateStore#word} has it
 * @param reason why it is not the one that the job asks for; empty if it is
 * @param tasks how many do
 * @param memoryBytes that their stores may take together, beside batches and tables
 */
public record StateUse(String store, String reason, int tasks, long memoryBytes) {
    /** Of one task that keeps it where the job wants it. */
    public static StateUse of(StateStore store) {
        return new StateUse(store.word(), "", 1, 0);
    }

    private StateUse and(StateUse more) {
        return new StateUse(store, reason, tasks + more.tasks, memoryBytes + more.memoryBytes);
    }

    /** Of all tasks of a stage, by place and reason. */
    public static List<StateUse> sum(StageId stage, Collection<TaskMetrics> all) {
        Map<List<String>, StateUse> sums = new LinkedHashMap<>();
        for (TaskMetrics task : all) {
            @Nullable StateUse use = task.state();
            if (use != null && task.stage().equals(stage)) {
                sums.merge(List.of(use.store(), use.reason()), use, StateUse::and);
            }
        }
        return new ArrayList<>(sums.values());
    }
}
