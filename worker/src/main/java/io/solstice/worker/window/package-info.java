/**
 * Aggregation by key and window of event time: {@link io.solstice.worker.window.WindowedAggregation} is the operator,
 * which binds columns and keeps the watermark; what it gathers lies in one of three {@link io.solstice.worker.window.Kept}
 * forms: slices of tumbling and sliding windows, sessions, or the whole input.
 */
@NullMarked
package io.solstice.worker.window;

import org.jspecify.annotations.NullMarked;
