package io.solstice.api.window;

import io.solstice.api.row.Row;
import java.time.Instant;
import java.util.Collection;

/**
 * Says to which windows a row belongs. Called by several tasks, each on its own thread, so it keeps nothing of its own; it
 * must always say the same of a row. A row that belongs to none is set aside.
 */
@FunctionalInterface
public interface WindowAssigner {
    /** @param time of the row */
    Collection<TimeWindow> windows(Row row, Instant time) throws Exception;
}
