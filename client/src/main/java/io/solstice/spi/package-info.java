/** What an engine and a connector implement to be found on the class path by {@code ServiceLoader}. */
@NullMarked
package io.solstice.spi;

import org.jspecify.annotations.NullMarked;
