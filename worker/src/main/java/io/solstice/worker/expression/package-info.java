/**
 * Computes expressions over batches. {@link io.solstice.worker.expression.ExpressionTypes} turns an expression and a
 * schema into a typed tree ({@code Typed}); {@code LoopGenerator} turns the parts of the tree that are made of numbers,
 * truth values, times and text comparisons into one loop of bytecode; {@code Interpreter} computes the rest row by row,
 * and says which row an expression fails for. Start with {@link io.solstice.worker.expression.CompiledProjection}.
 * Everything here is used by one thread at a time.
 */
@NullMarked
package io.solstice.worker.expression;

import org.jspecify.annotations.NullMarked;
