package io.solstice.worker.job;

import io.solstice.api.operator.JoinOperator;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.StageId;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** What a join demands of its inputs before anything runs. */
final class JoinInputs {
    private JoinInputs() {}

    /** @param timeless whether an input never ends and has no watermarks */
    static void requireFit(JoinOperator join, boolean endlessLeft, boolean endlessRight, boolean timeless) {
        if (join.readsRightFirst() && endlessRight) {
            throw ErrorCode.OPTION_MISSING
                    .error("the join would never have a result")
                    .where("JoinOperator")
                    .cause("it reads '" + join.rightStage() + "' to its end first, and that has none")
                    .help("add .window(…), .between(…) or .keepFor(…), or let the input that ends be the right one")
                    .toException();
        }
        if (join.readsRightFirst() && endlessLeft && join.kind().keepsRight()) {
            throw ErrorCode.OPTION_MISSING
                    .error("the join would never give out the rows of '" + join.rightStage() + "' without a partner")
                    .where("JoinOperator")
                    .cause("'" + join.leftStage() + "' never comes to an end")
                    .help("use JoinOperator.inner or left, or add .window(…), .between(…) or .keepFor(…)")
                    .toException();
        }
        if (join.isTimed() && timeless) {
            throw ErrorCode.OPTION_MISSING
                    .error("the join needs event time, and an input has none")
                    .where("JoinOperator")
                    .cause("a source before it never comes to an end and has no watermarks")
                    .help("give the source .watermarks(Watermarks.of(\"…\")), or join with .keepFor(…)")
                    .toException();
        }
    }

    /** @param aligned whether sources before both inputs wait for others to come near */
    static void requireNoWait(JoinOperator join, boolean aligned) {
        if (join.readsRightFirst() && aligned) {
            throw ErrorCode.OPTION_INVALID
                    .error("the join and the alignment of its sources would wait for each other")
                    .where("JoinOperator")
                    .cause("it reads '" + join.rightStage() + "' to its end before it reads '" + join.leftStage()
                            + "', and both come from sources with .align(…)")
                    .help("leave .align(…) out of the sources before '" + join.rightStage() + "'")
                    .toException();
        }
    }

    static Schema required(StageId upstream, @Nullable Schema columns) {
        if (columns == null) {
            throw ErrorCode.TYPE_MISMATCH
                    .error("the columns of '" + upstream
                            + "' show only while the job runs, and a join needs to know them")
                    .where("JoinOperator")
                    .help("declare the schema there, for example MapOperator.rows(schema, fn), or use expressions or"
                            + " records")
                    .toException();
        }
        return columns;
    }
}
