/**
 * Points of the protocol at which the fault harness has a process end, as if it were killed there. Nothing happens at
 * them in any other process.
 */
@NullMarked
package io.solstice.common.crash;

import org.jspecify.annotations.NullMarked;
