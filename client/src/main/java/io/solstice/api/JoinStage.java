package io.solstice.api;

import io.solstice.api.operator.JoinOperator;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.id.StageId;
import java.util.HashSet;
import java.util.List;

/** What a stage that joins demands of the graph around it. */
record JoinStage(Stage stage, JoinOperator join) {

    /** The upstreams, the left one first; refuses others than those that the join names. */
    List<StageId> upstreams(List<String> given) {
        List<String> named = List.of(join.leftStage(), join.rightStage());
        if (join.leftStage().equals(join.rightStage())) {
            throw ErrorCode.OPTION_INVALID
                    .error("'" + join.leftStage() + "' cannot be joined with itself")
                    .where("stage '" + stage.id() + "'")
                    .help("put a MapOperator stage behind it and join with that one")
                    .toException();
        }
        if (given.size() != 2 || !new HashSet<>(given).equals(new HashSet<>(named))) {
            throw ErrorCode.STAGE_ROLE
                    .error("stage '" + stage.id() + "' joins '" + join.leftStage() + "' and '" + join.rightStage()
                            + "', so it needs just these two upstreams")
                    .where("stage '" + stage.id() + "'")
                    .cause("it was added behind " + given)
                    .help("job.addStage(stage, \"" + join.leftStage() + "\", \"" + join.rightStage() + "\")")
                    .toException();
        }
        if (join.leftKeys().isEmpty()) {
            throw ErrorCode.OPTION_MISSING
                    .error("stage '" + stage.id() + "' joins by no key")
                    .where("stage '" + stage.id() + "'")
                    .help("add .on(\"<left column>\", \"<right column>\")")
                    .toException();
        }
        if (join.scope() instanceof JoinOperator.Lookup && join.kind().keepsRight()) {
            throw ErrorCode.OPTION_INVALID
                    .error("a lookup cannot keep the right rows without a left one")
                    .where("stage '" + stage.id() + "'")
                    .cause("every task has all right rows and few of the left, so none knows which have no partner")
                    .help("use JoinOperator.inner or left, or leave .lookup() out")
                    .toException();
        }
        return named.stream().map(StageId::new).toList();
    }

    /** @param otherwise how the rows of that upstream are divided if it does not matter */
    Edge edge(StageId from, Edge otherwise) {
        boolean lookup = join.scope() instanceof JoinOperator.Lookup;
        boolean left = from.value().equals(join.leftStage());
        Partitioning forced = stage.forcedPartitioning();
        boolean possible = forced == null || lookup && forced != Partitioning.BROADCAST;
        if (!possible) {
            throw ErrorCode.OPTION_INVALID
                    .error("stage '" + stage.id() + "' joins, which decides how its rows are divided")
                    .where("stage '" + stage.id() + "'")
                    .cause("its partitioning is " + forced)
                    .help("leave .partitioning(…) out")
                    .toException();
        }
        if (lookup) {
            return left ? otherwise : new Edge(from, stage.id(), Partitioning.BROADCAST, List.of());
        }
        return new Edge(from, stage.id(), Partitioning.HASH, left ? join.leftKeys() : join.rightKeys());
    }
}
