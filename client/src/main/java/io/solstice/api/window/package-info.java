/**
 * What an {@link io.solstice.api.operator.AggregateOperator} is made of: {@link io.solstice.api.window.Windows} of event
 * time, and {@link io.solstice.api.window.Aggregates} computed for each key and window.
 */
@NullMarked
package io.solstice.api.window;

import org.jspecify.annotations.NullMarked;
