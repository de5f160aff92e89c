/** Counts by key in state that is larger than the memory for it: what all systems are given, and must come to. */
@NullMarked
package io.solstice.bench.keyed;

import org.jspecify.annotations.NullMarked;
