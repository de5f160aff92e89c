package io.solstice.spi;

import io.solstice.api.expr.Expression;
import io.solstice.api.source.Source;

/** A source that may be told what will not be needed. */
public interface PushdownSource extends Source {
    /**
     * Offers a condition, before anything else is called.
     *
     * @return true if the source will deliver exactly the rows for which it holds; false if the engine must filter
     */
    boolean acceptFilter(Expression condition);
}
