/**
 * What a worker offers to plain Arrow Flight clients: the output of {@code FlightSink}s to read, and the places where
 * {@code FlightSource}s take rows. Start with {@link io.solstice.worker.flight.FlightEndpoints}, of which a worker
 * process has one; the embedded engine has none and loads nothing of this.
 */
@NullMarked
package io.solstice.worker.flight;

import org.jspecify.annotations.NullMarked;
