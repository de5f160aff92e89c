/**
 * Keys as dense numbers: a {@link io.solstice.worker.keyed.GroupTable} gives every row of a batch the number of its
 * group, and whatever is kept for groups lies in arrays indexed by it. Knows nothing of aggregates or windows.
 */
@NullMarked
package io.solstice.worker.keyed;

import org.jspecify.annotations.NullMarked;
