package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a checkpoint keeps of a join besides its rows: what it is, and how far event time has come. */
final class JoinState {
    private static final String WATERMARK = "watermark";
    private static final String OPTIONS = "options";
    private static final String LEFT = "left_columns";
    private static final String RIGHT = "right_columns";

    private JoinState() {}

    static Row of(JoinPlan plan, long watermark) {
        return Row.of(
                WATERMARK,
                watermark,
                OPTIONS,
                options(plan.definition()),
                LEFT,
                columns(plan.left()),
                RIGHT,
                columns(plan.right()));
    }

    private static List<String> options(JoinOperator definition) {
        return definition.options().entrySet().stream().map(Map.Entry::toString).toList();
    }

    private static List<String> columns(JoinSide side) {
        return side.schema().getFields().stream()
                .map(field -> field.getName() + " " + field.getType()
                        + (field.getChildren().isEmpty() ? "" : field.getChildren()))
                .toList();
    }

    /** The watermark; refuses the state of another join, with the differences. */
    static long watermark(JoinPlan plan, Row state, String stage) {
        Row now = of(plan, 0);
        List<String> differences = new ArrayList<>();
        for (String name : List.of(OPTIONS, LEFT, RIGHT)) {
            String before = String.valueOf(state.has(name) ? state.get(name) : null);
            if (!before.equals(String.valueOf(now.get(name)))) {
                differences.add(name + ": " + before + " before, " + now.get(name) + " now");
            }
        }
        if (!differences.isEmpty()) {
            throw unfit(stage, String.join("; ", differences));
        }
        return state.getLong(WATERMARK);
    }

    private static SolsticeException unfit(String stage, String cause) {
        return ErrorCode.STATE_UNFIT
                .error("the state of stage '" + stage + "' is of another join")
                .where("stage '" + stage + "'")
                .cause(cause)
                .help("give the stage the join and the columns that it had, or begin the job anew")
                .toException();
    }
}
