/** The Nexmark queries on Solstice, as a user would write them, and on the hand-written loop. */
@NullMarked
package io.solstice.bench.engine;

import org.jspecify.annotations.NullMarked;
