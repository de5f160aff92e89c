/** Which pieces of a state are stored already. */
@NullMarked
package io.solstice.worker.piece;

import org.jspecify.annotations.NullMarked;
