package io.solstice.worker.job;

import io.solstice.api.Stage;
import io.solstice.api.time.Watermarks;
import io.solstice.common.graph.Chain;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.GroupTime;
import io.solstice.worker.task.AlignedGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The groups of sources of one run whose times stay together. Used by all threads. */
final class AlignedSources {
    private final Map<String, AlignedGroup> groups = new ConcurrentHashMap<>();

    private AlignedGroup group(String name) {
        return groups.computeIfAbsent(name, AlignedGroup::new);
    }

    /** What of the groups is on other workers must be heard of before tasks here go far. */
    void deployed(Deployment deployment) {
        Map<String, Integer> others = new HashMap<>();
        for (Chain chain : deployment.plan().chains()) {
            Watermarks rule = deployment.job().stage(chain.head()).watermarks();
            if (rule != null && rule.isAligned()) {
                others.merge(rule.group(), elsewhere(deployment, chain), Integer::sum);
            }
        }
        others.forEach((name, tasks) -> group(name).expectOthers(tasks));
    }

    /** How many tasks of a chain are on other workers and have something to read. */
    private static int elsewhere(Deployment deployment, Chain chain) {
        int tasks = 0;
        for (int i = 0; i < chain.parallelism().initial(); i++) {
            TaskId task = deployment.task(chain, i);
            boolean here = deployment.placement().workerOf(task).equals(deployment.self());
            tasks += here || deployment.beginning().isEnded(task) ? 0 : 1;
        }
        return tasks;
    }

    /** A new task of a stage; null if it is of no group. */
    AlignedGroup.@Nullable Member join(Stage stage) {
        Watermarks rule = stage.watermarks();
        return rule == null || !rule.isAligned()
                ? null
                : group(rule.group()).join(rule.maxDrift().toNanos() / 1_000);
    }

    void elsewhere(GroupTime others) {
        AlignedGroup known = groups.get(others.group());
        if (known != null) {
            known.elsewhere(others);
        }
    }
}
