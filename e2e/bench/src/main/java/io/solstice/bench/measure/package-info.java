/** Measures pieces of work side by side and reports on them. Start with {@link io.solstice.bench.measure.Runner}. */
@NullMarked
package io.solstice.bench.measure;

import org.jspecify.annotations.NullMarked;
