package io.solstice.api.state;

import io.solstice.api.row.Row;

/** Where a {@link KeyedOperator} puts its results. */
@FunctionalInterface
public interface RowOutput {
    void emit(Row row);
}
