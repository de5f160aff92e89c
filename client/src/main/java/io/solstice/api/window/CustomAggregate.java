package io.solstice.api.window;

import io.solstice.api.row.Row;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate of one's own. What it has gathered of a group is a {@link Row}, so that checkpoints can keep it; like any
 * row it is never changed, but replaced. Used by one thread for each task; must be free of state of its own.
 */
public interface CustomAggregate {
    /** What a group without rows has. */
    Row create();

    /** With one more row of the input. */
    Row add(Row gathered, Row row);

    /** What two parts of a group have together: of two sessions that became one, or of slices of a sliding window. */
    Row merge(Row one, Row other);

    /** The value of the result's column. */
    @Nullable
    Object result(Row gathered);
}
