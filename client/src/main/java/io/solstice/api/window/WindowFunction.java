package io.solstice.api.window;

import io.solstice.api.row.Row;
import io.solstice.api.state.RowOutput;
import java.util.List;

/**
 * Computes on all rows of a window. Called by several tasks, each on its own thread, so it keeps nothing of its own.
 *
 * <pre>{@code
 * (pane, rows, out) -> out.emit(pane.key().with("spread", highest(rows) - lowest(rows)))
 * }</pre>
 */
@FunctionalInterface
public interface WindowFunction {
    /** @param rows those that are in the window, at least one, in the order in which they came */
    void apply(WindowPane pane, List<Row> rows, RowOutput out) throws Exception;
}
