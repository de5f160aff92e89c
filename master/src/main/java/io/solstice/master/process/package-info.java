/**
 * A master as a process of its own: the parts, bound by Guice, and the order in which they start and stop. Start with
 * {@link io.solstice.master.process.MasterMain}. Nothing imports it; embedded mode has a master without it.
 */
@NullMarked
package io.solstice.master.process;

import org.jspecify.annotations.NullMarked;
