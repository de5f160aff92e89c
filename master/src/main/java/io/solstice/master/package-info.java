/** A master: decides what runs. Start with {@link io.solstice.master.Master}; the deciding itself is in {@code job}. */
@NullMarked
package io.solstice.master;

import org.jspecify.annotations.NullMarked;
