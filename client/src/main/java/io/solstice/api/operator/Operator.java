package io.solstice.api.operator;

import io.solstice.api.row.Row;

/**
 * The code inside a stage: either a {@link RowOperator} or a {@link BatchOperator}. One object serves one task, on that
 * task's thread alone, so it needs no locks. The order of calls is: {@code open}, perhaps {@code restore}, then any
 * number of {@code process} and {@code checkpoint}, then {@code finish} if the input came to its end, and always
 * {@code close}.
 */
public interface Operator extends AutoCloseable {
    /** Called once, before anything else. */
    default void open(OperatorContext context) throws Exception {}

    /** The operator's state, as named values that a {@link Row} can hold. Called between two {@code process} calls. */
    default Row checkpoint() throws Exception {
        return Row.EMPTY;
    }

    /** Takes back what {@link #checkpoint} gave, in a new object. */
    default void restore(Row state) throws Exception {}

    @Override
    default void close() throws Exception {}
}
