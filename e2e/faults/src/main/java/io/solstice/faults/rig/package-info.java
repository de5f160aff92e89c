/** Masters and workers as processes of their own, what is done to them, and what they say of themselves. */
@NullMarked
package io.solstice.faults.rig;

import org.jspecify.annotations.NullMarked;
