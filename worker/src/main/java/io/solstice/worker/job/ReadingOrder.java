package io.solstice.worker.job;

import io.solstice.api.Stage;
import io.solstice.api.operator.JoinOperator;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.StageNode;
import io.solstice.common.id.StageId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Which joins may let their left senders wait until the right input has ended. A stage that waits lets everything wait
 * that is before it, so none may wait for its own end: not where both inputs come from one source, nor around several
 * joins. Where it may not, the join keeps the left rows instead.
 */
final class ReadingOrder {
    private final JobGraph graph;
    /** For each source those that it waits for. */
    private final Map<StageId, Set<StageId>> waits = new HashMap<>();

    private ReadingOrder(JobGraph graph) {
        this.graph = graph;
    }

    static Set<StageId> rightFirst(JobGraph graph, Function<StageId, Stage> stages) {
        ReadingOrder order = new ReadingOrder(graph);
        Set<StageId> result = new HashSet<>();
        for (StageNode node : graph.stages()) {
            if (stages.apply(node.id()).definition() instanceof JoinOperator join
                    && join.readsRightFirst()
                    && order.mayWait(new StageId(join.leftStage()), new StageId(join.rightStage()))) {
                result.add(node.id());
            }
        }
        return result;
    }

    private boolean mayWait(StageId left, StageId right) {
        Set<StageId> waiting = sources(left);
        Set<StageId> ends = sources(right);
        Set<StageId> before = new HashSet<>();
        ends.forEach(end -> reach(end, before));
        if (waiting.stream().anyMatch(before::contains)) {
            return false;
        }
        waiting.forEach(
                source -> waits.computeIfAbsent(source, none -> new HashSet<>()).addAll(ends));
        return true;
    }

    /** Adds a source and all that it waits for. */
    private void reach(StageId source, Set<StageId> reached) {
        if (reached.add(source)) {
            waits.getOrDefault(source, Set.of()).forEach(next -> reach(next, reached));
        }
    }

    private Set<StageId> sources(StageId stage) {
        Set<StageId> before = new HashSet<>();
        addWithAllBefore(stage, before);
        before.removeIf(one -> !graph.inputs(one).isEmpty());
        return before;
    }

    private void addWithAllBefore(StageId stage, Set<StageId> found) {
        if (found.add(stage)) {
            for (Edge edge : graph.inputs(stage)) {
                addWithAllBefore(edge.from(), found);
            }
        }
    }
}
