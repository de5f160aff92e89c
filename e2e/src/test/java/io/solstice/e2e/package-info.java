/** The whole of Solstice, as its users and its enemies would use it. */
@NullMarked
package io.solstice.e2e;

import org.jspecify.annotations.NullMarked;
