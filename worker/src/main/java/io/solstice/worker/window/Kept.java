package io.solstice.worker.window;

import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.pile.Run;
import io.solstice.worker.pile.RunOwner;
import java.util.List;

/** What an aggregation keeps between batches. Used by the task's thread. */
interface Kept {
    /** What may be set aside, for which reason. */
    @FunctionalInterface
    interface Aside {
        /**
         * @param row of the batch that was given to {@link #add}
         * @param windowEnd of the last window that it would have belonged to
         */
        void late(int row, long windowEnd);
    }

    /**
     * Adds the rows, all of which have times, and gives out what they change of results that were given out before.
     *
     * @param batch of the needed columns; stays the caller's
     * @param input has read the times
     * @param watermark as far as it has come
     */
    void add(Batch batch, BatchInput input, long watermark, Aside aside, Outbox out);

    /**
     * Adds what other tasks have aggregated, as {@link PartialRows}.
     *
     * @param partial stays the caller's
     */
    default void merge(Batch partial, long watermark, Aside aside, Outbox out) {
        throw new IllegalStateException("nothing that other tasks have aggregated can be added here");
    }

    /** The watermark has moved on: gives out what is complete, and forgets what is not needed any more. */
    void advance(long before, long now, Outbox out);

    /** Adds the piles of which a cut names the runs, in the order in which they are to be loaded. */
    default void addPiles(List<RunOwner> to) {}

    /** Adds a copy of all that is in no run to tables of some hundred thousand rows, key columns first. */
    void save(List<Batch> tables);

    /**
     * Takes back what {@link #save} gave, or a run, or those rows of it whose keys are this task's. The table stays the
     * caller's.
     *
     * @param watermark what is over by then is passed over
     * @return the runs that the table has become, as a whole, or none
     */
    List<Run> load(Batch table, long watermark);

    /** Nothing is needed any more; what lies in {@link #addPiles piles} is closed apart from this. */
    default void close() {}
}
