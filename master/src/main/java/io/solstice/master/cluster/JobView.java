package io.solstice.master.cluster;

import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.TaskMetrics;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run at one moment.
 *
 * @param plan how its stages are chained into tasks
 * @param placement where its tasks are, or were; null before they were placed
 * @param aliveTasks those that are being made or run
 * @param metrics the newest of each stage of each task
 * @param endedMillis 0 while it has not ended
 */
public record JobView(
        JobSnapshot snapshot,
        JobSpec spec,
        ChainPlan plan,
        @Nullable Placement placement,
        Set<TaskId> aliveTasks,
        List<TaskMetrics> metrics,
        long submittedMillis,
        long endedMillis) {}
