package io.solstice.api.window;

import io.solstice.api.row.Row;
import java.util.List;
import java.util.function.Consumer;

/**
 * Computes on all rows of a window. Called by several tasks, each on its own thread, so it keeps nothing of its own.
 *
 * <pre>{@code
 * (pane, rows, out) -> out.accept(pane.key().with("spread", highest(rows) - lowest(rows)))
 * }</pre>
 */
@FunctionalInterface
public interface WindowFunction {
    /** @param rows those that are in the window, at least one, in the order in which they came */
    void apply(WindowPane pane, List<Row> rows, Consumer<Row> out) throws Exception;
}
