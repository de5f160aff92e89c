package io.solstice.common.graph;

import io.solstice.common.id.StageId;
import java.util.Map;

/**
 * A stage as the master sees it.
 *
 * @param operatorType the documented name of the operator, for example {@code MapOperator}
 * @param resources what each task is documented to need, defaults included
 * @param reserved what each task must find free on its worker: the part of {@code resources} that the job asked for
 *     itself. What it did not ask for is shared, so that a small machine can run a job of many stages.
 * @param options the operator's configuration as shown to people and compared between versions of a job; functions
 *     appear by their class names only
 */
public record StageNode(
        StageId id,
        StageRole role,
        String operatorType,
        Parallelism parallelism,
        Resources resources,
        Resources reserved,
        Map<String, String> options) {
    public StageNode {
        options = Map.copyOf(options);
    }

    /** Whether it only evaluates expressions on columns: some nanoseconds a row, and no function of the user's. */
    public boolean isExpression() {
        return switch (operatorType) {
            case "FilterOperator" -> options.containsKey("where");
            case "MapOperator" -> options.containsKey("select") || options.containsKey("with_columns");
            case "KeyByOperator" -> options.containsKey("columns") || options.containsKey("key");
            default -> false;
        };
    }
}
