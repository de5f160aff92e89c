package io.solstice.api.operator;

import io.solstice.api.row.Row;

/**
 * The state that an operator had in one task of its stage.
 *
 * @param taskIndex from 0 to {@code parallelism - 1}
 * @param parallelism how many tasks the stage had
 * @param checkpoint what {@link Operator#checkpoint} gave; without columns if that was nothing
 * @param values what {@link OperatorContext#setState} kept; without columns if that was nothing
 */
public record TaskState(int taskIndex, int parallelism, Row checkpoint, Row values) {}
