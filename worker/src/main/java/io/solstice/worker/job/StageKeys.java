package io.solstice.worker.job;

import io.solstice.common.graph.Edge;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.id.StageId;
import io.solstice.spi.KeyedInput;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * By which key the rows of the stages are divided.
 *
 * @param inputs for each stage the schema of its input, if it is known
 */
record StageKeys(JobGraph graph, Map<StageId, Schema> inputs) {

    /** What decides which task of the stage has a row, or null if that is not a key. */
    @Nullable
    KeyedInput of(StageId stage) {
        KeyedInput found = null;
        for (Edge edge : graph.inputs(stage)) {
            if (edge.partitioning() == Partitioning.BROADCAST) {
                // Each task has all of it, whichever keys it owns.
                continue;
            }
            KeyedInput keyed = dividing(edge);
            if (keyed == null || found != null && differ(found, keyed)) {
                return null;
            }
            found = found == null || found.schema() == null ? keyed : found;
        }
        return found;
    }

    /** The names of the columns that decide; empty if that is not a key. */
    List<String> columns(StageId stage) {
        KeyedInput keyed = of(stage);
        return keyed == null ? List.of() : keyed.columns();
    }

    private @Nullable KeyedInput dividing(Edge edge) {
        return switch (edge.partitioning()) {
            case HASH -> new KeyedInput(edge.keyColumns(), columnsOf(edge), graph.keyGroups());
            // Task i gets all that task i before it has; but what a join gives out may lack the key of one side.
            case FORWARD -> isJoin(edge.from()) ? null : of(edge.from());
            case BROADCAST, REBALANCE -> null;
        };
    }

    private @Nullable Schema columnsOf(Edge edge) {
        Schema input = inputs.get(edge.to());
        return input == null ? null : SideSchemas.of(input, edge.from());
    }

    private boolean isJoin(StageId stage) {
        Schema input = inputs.get(stage);
        return input != null && SideSchemas.are(input);
    }

    private static boolean differ(KeyedInput one, KeyedInput other) {
        return one.columns().size() != other.columns().size();
    }
}
