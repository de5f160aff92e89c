/**
 * Joins of two inputs: {@link io.solstice.worker.join.Join} is the operator, which arranges columns, reads times and sets
 * rows aside; which rows meet is decided by one of three {@link io.solstice.worker.join.Meeting} forms: with a whole
 * input, within a window, or while both are kept. Rows are kept as the batches in which they came
 * ({@link io.solstice.worker.join.RowTable}), and results are put together column by column
 * ({@link io.solstice.worker.join.Probe}).
 */
@NullMarked
package io.solstice.worker.join;

import org.jspecify.annotations.NullMarked;
