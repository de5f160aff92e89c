package io.solstice.worker.expression;

import io.solstice.api.expr.Expression;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.expression.Interpreter.RowValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the rows that expressions fail for, once a loop has failed without saying where. */
final class RowCheck {
    private final @Nullable Check condition;
    private final List<Check> checks = new ArrayList<>();
    private final int rows;

    private record Check(Expression expression, RowValue value) {
        @Nullable
        Object at(int row, FailedRows failures) {
            try {
                return value.at(row);
            } catch (ArithmeticException failure) {
                failures.failed(row, error(expression, row, failure));
                return FAILED;
            }
        }
    }

    private static final Object FAILED = new Object();

    /** @param condition if there is one, the other expressions are computed only where it is true */
    RowCheck(@Nullable Expression condition, List<Expression> expressions, Batch batch) {
        this.condition = condition == null ? null : check(condition, batch);
        expressions.forEach(expression -> checks.add(check(expression, batch)));
        this.rows = batch.rowCount();
    }

    private static Check check(Expression expression, Batch batch) {
        Typed node = new Typing(batch.schema()).typed(expression);
        return new Check(expression, new Interpreter(batch).value(node));
    }

    /** Selects the rows that are wanted and do not fail; those that fail are reported. */
    void goodRows(Selection good, FailedRows failures) {
        good.clear();
        for (int row = 0; row < rows; row++) {
            if (isGood(row, failures)) {
                good.add(row);
            }
        }
    }

    private boolean isGood(int row, FailedRows failures) {
        if (condition != null && !Boolean.TRUE.equals(condition.at(row, failures))) {
            return false;
        }
        for (Check check : checks) {
            if (check.at(row, failures) == FAILED) {
                return false;
            }
        }
        return true;
    }

    /** The error of the first row that fails. */
    SolsticeException firstFailure(ArithmeticException inLoop) {
        try {
            goodRows(new Selection(), (row, error) -> {
                throw error.toException();
            });
        } catch (SolsticeException found) {
            return found;
        }
        return ErrorCode.INTERNAL
                .error("an expression failed for no row")
                .cause(String.valueOf(inLoop.getMessage()))
                .toException(inLoop);
    }

    private static SolsticeError error(Expression expression, int row, ArithmeticException failure) {
        return ErrorCode.EXPRESSION_FAILED
                .error("cannot compute " + expression)
                .where("row " + row)
                .cause(String.valueOf(failure.getMessage()))
                .help("cast to a wider type, test the value first with when(...), or set skip_on_error");
    }
}
