/**
 * Expressions over columns: built by users, typed and computed by the engine, pushed down into sources. Start with
 * {@link io.solstice.api.expr.Expressions}.
 */
@NullMarked
package io.solstice.api.expr;

import org.jspecify.annotations.NullMarked;
