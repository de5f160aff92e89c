/** State beyond memory. */
@NullMarked
package io.solstice.worker.overflow;

import org.jspecify.annotations.NullMarked;
