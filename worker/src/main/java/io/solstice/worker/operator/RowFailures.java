package io.solstice.worker.operator;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.row.RowReader;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.task.UserFailure;

/** What happens to a record whose function threw: set aside and counted, or the end of the task. */
final class RowFailures {
    private final String function;
    private final boolean skipOnError;

    /** @param function the documented name, such as {@code map_fn} */
    RowFailures(String function, boolean skipOnError) {
        this.function = function;
        this.skipOnError = skipOnError;
    }

    boolean skipOnError() {
        return skipOnError;
    }

    /** Skips the row, or throws an error that names stage, record and the user's frame. */
    void failed(OperatorContext context, Batch batch, int row, Throwable thrown) {
        if (skipOnError && !(thrown instanceof VirtualMachineError)) {
            context.skip(batch, row, thrown);
            return;
        }
        String record = shortened(new RowReader(batch).row(row).toString());
        String place = "stage '" + context.stageId() + "', task " + context.taskIndex() + ", record " + record;
        if (thrown instanceof SolsticeException coded) {
            throw coded.within(place);
        }
        throw UserFailure.of(thrown, function, place).toException(thrown);
    }

    private static String shortened(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }
}
