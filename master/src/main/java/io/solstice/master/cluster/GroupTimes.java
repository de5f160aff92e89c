package io.solstice.master.cluster;

import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.WorkerMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a worker is told of sources whose times are to stay together: how far the slowest of their tasks on other workers
 * has come. Of its own it knows better itself.
 */
final class GroupTimes {
    private GroupTimes() {}

    private record OneTask(RunId run, StageId stage, int index) {
        static OneTask of(TaskMetrics metrics) {
            return new OneTask(metrics.run(), metrics.stage(), metrics.index());
        }
    }

    private record Group(RunId run, String name) {}

    /** @param newest what is known of all tasks of a run */
    static List<GroupTime> ofOthers(
            WorkerMessage.Heartbeat heartbeat, Function<RunId, Collection<TaskMetrics>> newest) {
        Set<Group> groups = new LinkedHashSet<>();
        Set<OneTask> own = new HashSet<>();
        for (TaskMetrics metrics : heartbeat.tasks()) {
            if (!metrics.time().group().isEmpty()) {
                groups.add(new Group(metrics.run(), metrics.time().group()));
                own.add(OneTask.of(metrics));
            }
        }
        List<GroupTime> times = new ArrayList<>();
        for (Group group : groups) {
            int tasks = 0;
            long least = Long.MAX_VALUE;
            for (TaskMetrics metrics : newest.apply(group.run())) {
                if (metrics.time().group().equals(group.name()) && !own.contains(OneTask.of(metrics))) {
                    tasks++;
                    least = Math.min(least, metrics.time().reached());
                }
            }
            times.add(new GroupTime(group.run(), group.name(), tasks, least));
        }
        return times;
    }
}
