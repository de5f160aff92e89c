package io.solstice.spi;

import io.solstice.exchange.batch.Batch;
import java.util.List;

/**
 * An operator with state in tables, which may be large, besides what {@code checkpoint} gives. A stage whose rows are
 * divided by key may begin with another number of tasks: each is given all tables, with the rows of its own keys alone.
 */
public interface Tabular {
    /**
     * Copies of its state, which the engine takes over. The columns that divide the rows of the stage come first, in
     * their order.
     */
    List<Batch> tables();

    /**
     * Takes back a table, or some rows of one, in a new object: after {@code restore}, or {@code rescale} where the
     * number of tasks has changed, and before any batch. The table stays the engine's.
     */
    void load(Batch table);
}
