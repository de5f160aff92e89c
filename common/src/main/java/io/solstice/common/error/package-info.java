/** Errors that teach: a permanent code, what happened, where, why, and how to fix it. Everything may import it. */
@NullMarked
package io.solstice.common.error;

import org.jspecify.annotations.NullMarked;
