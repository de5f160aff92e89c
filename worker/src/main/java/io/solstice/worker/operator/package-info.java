/** The runnable forms of the built-in operators. Start with {@link io.solstice.worker.operator.Operators}. */
@NullMarked
package io.solstice.worker.operator;

import org.jspecify.annotations.NullMarked;
