/**
 * Operators: the documented built-in ones, and the interfaces of one's own. Start with
 * {@link io.solstice.api.operator.MapOperator}.
 */
@NullMarked
package io.solstice.api.operator;

import org.jspecify.annotations.NullMarked;
