/** The {@code solstice} command. Start with {@link io.solstice.cli.Main}. */
@NullMarked
package io.solstice.cli;

import org.jspecify.annotations.NullMarked;
