/** How long checkpoints and restores of a large state by key take. */
@NullMarked
package io.solstice.bench.state;

import org.jspecify.annotations.NullMarked;
