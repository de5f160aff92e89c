package io.solstice.worker.expression;

import io.solstice.common.error.SolsticeError;

/** Hears of every row that an expression cannot be computed for, when such rows are skipped. */
@FunctionalInterface
public interface FailedRows {
    /**
     * @param row the row's position in the batch that was given
     * @param error what a job that does not skip would fail with
     */
    void failed(int row, SolsticeError error);
}
