package io.solstice.api;

import io.solstice.api.operator.WindowOperator;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.id.StageId;

/** What a stage with windows of rows demands of the graph around it. */
record WindowStage(Stage stage, WindowOperator windows) {

    /** All rows of a key must come to one task. */
    Edge edge(StageId from) {
        String where = "stage '" + stage.id() + "'";
        if (windows.keys().isEmpty()) {
            throw ErrorCode.OPTION_MISSING
                    .error(where + " has windows of no key")
                    .where(where)
                    .help("name keys with WindowOperator.by(\"…\"), or put a KeyByOperator stage before it")
                    .toException();
        }
        Partitioning forced = stage.forcedPartitioning();
        if (forced != null && forced != Partitioning.HASH) {
            throw ErrorCode.OPTION_INVALID
                    .error(where + " has windows by key, so its rows must be divided by key")
                    .where(where)
                    .cause("its partitioning is " + forced)
                    .help("leave .partitioning(…) out")
                    .toException();
        }
        return new Edge(from, stage.id(), Partitioning.HASH, windows.keys());
    }
}
