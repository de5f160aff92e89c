package io.solstice.faults.check;

import io.solstice.faults.workload.Event;

/**
 * A row as it was read.
 *
 * @param size that the map added
 * @param nth that the count added
 */
public record OutputRow(Event event, long size, long nth) {}
