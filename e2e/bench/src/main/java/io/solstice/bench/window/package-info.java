/** Aggregation by key and window: the engine's operator against loops written by hand over the same columns. */
@NullMarked
package io.solstice.bench.window;

import org.jspecify.annotations.NullMarked;
