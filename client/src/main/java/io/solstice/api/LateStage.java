package io.solstice.api;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.CustomOperator;
import io.solstice.api.operator.LateRows;
import io.solstice.api.operator.WindowOperator;
import io.solstice.common.error.ErrorCode;
import java.util.List;

/** What a stage that takes late rows demands of those before it. */
record LateStage(Stage stage) {

    /** @param others the stages that take the results of the same upstream, late rows or not */
    void requireFit(Stage upstream, List<Stage> others) {
        if (!knowsLateRows(upstream)) {
            throw ErrorCode.STAGE_ROLE
                    .error("stage '" + stage.id() + "' takes late rows, and '" + upstream.id() + "' knows of none")
                    .where("stage '" + stage.id() + "'")
                    .cause("'" + upstream.id() + "' is a "
                            + upstream.definition().type()
                            + (upstream.definition() instanceof AggregateOperator ? " without a window" : ""))
                    .help("put it behind an AggregateOperator with a window")
                    .toException();
        }
        if (others.stream().allMatch(other -> other.definition() instanceof LateRows)) {
            throw ErrorCode.GRAPH_DANGLING
                    .error("the results of stage '" + upstream.id() + "' go nowhere: only its late rows are taken")
                    .where("stage '" + upstream.id() + "'")
                    .help("add a stage for its results too, for example a sink")
                    .toException();
        }
    }

    /** A user's operator may hand on late rows itself. */
    private static boolean knowsLateRows(Stage upstream) {
        return upstream.definition() instanceof CustomOperator
                || upstream.definition() instanceof WindowOperator
                || upstream.definition() instanceof AggregateOperator aggregate && aggregate.window() != null;
    }
}
