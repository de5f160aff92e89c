package io.solstice.spi;

import io.solstice.exchange.batch.Batch;
import java.util.List;

/**
 * An operator with state in tables, which may be large, besides what {@code checkpoint} gives. A stage whose rows are
 * divided by key may begin with another number of tasks: each is given the rows of its own keys alone.
 */
public interface Tabular {
    /** In the metadata of a table's schema: whose its rows are if the number of tasks changes; by key without it. */
    String SHARE = "solstice.share";

    /** Every task has the same table, and a new one takes that of one former task. */
    String COPIED = "copied";

    /** All rows of a former task go to one task, whichever that is. */
    String INHERITED = "inherited";

    /**
     * By key as well, but not by rows: every task that may have some of the keys is given all of it, and takes what is its
     * own when {@link Incremental#divided} is called.
     */
    String WHOLE = "whole";

    /**
     * Copies of its state, which the engine takes over. Unless {@link #SHARE} says otherwise, the columns that divide the
     * rows of the stage come first, in their order.
     */
    List<Batch> tables();

    /**
     * About so many rows will have come with {@link #load} in the end; told once some have, so that room for the others
     * can be made at once. It may be four times too many.
     */
    default void expect(long rows) {}

    /**
     * Takes back a table, or some rows of one, in a new object: after {@code restore}, or {@code rescale} where the
     * number of tasks has changed, and before any batch. The table stays the engine's.
     */
    void load(Batch table);
}
