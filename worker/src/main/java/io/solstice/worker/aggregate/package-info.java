/**
 * Aggregates as columns: an {@link io.solstice.worker.aggregate.Accumulator} keeps one aggregate of all groups in arrays
 * that are indexed by group, a {@link io.solstice.worker.aggregate.Tally} is a table of keys with its accumulators, and a
 * {@link io.solstice.worker.aggregate.Lane} is what they read of a batch. Knows nothing of time.
 */
@NullMarked
package io.solstice.worker.aggregate;

import org.jspecify.annotations.NullMarked;
