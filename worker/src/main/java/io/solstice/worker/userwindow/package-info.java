/**
 * Windows with functions, assigners and triggers of the user's own, row by row. {@link io.solstice.worker.userwindow.UserWindows}
 * is an operator with state for each key, like those that users write, so its state is kept and divided like theirs.
 */
@NullMarked
package io.solstice.worker.userwindow;

import org.jspecify.annotations.NullMarked;
