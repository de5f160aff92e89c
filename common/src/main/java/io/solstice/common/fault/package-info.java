/**
 * Places at which a process can be made to end or to stand still, so that a harness can hit the moments that matter. See
 * {@link io.solstice.common.fault.CrashPoint}; everything may import it.
 */
@NullMarked
package io.solstice.common.fault;

import org.jspecify.annotations.NullMarked;
