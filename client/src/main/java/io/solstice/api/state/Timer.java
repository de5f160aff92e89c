package io.solstice.api.state;

import java.time.Instant;

/**
 * A moment that an operator asked to be called at.
 *
 * @param time what it asked for, to the microsecond
 * @param eventTime whether by event time, or else by the clock of the machine
 */
public record Timer(Instant time, boolean eventTime) {}
