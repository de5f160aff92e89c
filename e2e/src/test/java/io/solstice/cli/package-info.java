/** Commands that need an engine. */
@NullMarked
package io.solstice.cli;

import org.jspecify.annotations.NullMarked;
