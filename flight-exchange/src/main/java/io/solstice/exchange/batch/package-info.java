/**
 * Batches of Arrow columns, what else travels between tasks, and the copying of chosen rows. Start with
 * {@link io.solstice.exchange.batch.Batch}.
 */
@NullMarked
package io.solstice.exchange.batch;

import org.jspecify.annotations.NullMarked;
