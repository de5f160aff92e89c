/** Tests of the stores of state by key. */
@NullMarked
package io.solstice.worker.store;

import org.jspecify.annotations.NullMarked;
