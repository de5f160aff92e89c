/** The single-threaded event loop that owns mutable control state, and the clock that it is given. */
@NullMarked
package io.solstice.common.loop;

import org.jspecify.annotations.NullMarked;
