/** Which task gets which row: the frozen key hash, key groups, and the division of batches. */
@NullMarked
package io.solstice.exchange.partition;

import org.jspecify.annotations.NullMarked;
