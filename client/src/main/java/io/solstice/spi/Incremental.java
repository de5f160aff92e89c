package io.solstice.spi;

import io.solstice.exchange.batch.Batch;
import java.util.List;

/**
 * Tabular state of which a checkpoint writes only a part. It consists of pieces that are loaded one after the other: a
 * later one may replace what an earlier one said. A piece that an earlier checkpoint has is named, not written again.
 */
public interface Incremental extends Tabular {
    /**
     * All pieces that make up the state at a cut, in the order in which they are to be loaded.
     *
     * @param epoch of the cut; rises
     * @param base an earlier cut whose pieces are stored for as long as they are needed, or 0 for none. It may be older
     *     than the newest cut, whose pieces need not have been stored
     */
    List<Piece> pieces(long epoch, long base);

    /** What was loaded are all pieces of a cut, in their order, whole: they may be named from now on. */
    void restored(long epoch) throws Exception;

    /** All tables of all former tasks have been loaded: the rows that the operator needed, or {@link Tabular#WHOLE}. */
    default void divided(Share share) throws Exception {}

    /**
     * Shows the tables of a cut's pieces that are in memory as they were stored. Called when trouble ends the task, so that
     * the next one need not read them.
     */
    default void leave(long epoch, Leaving leaving) {}

    /** Takes notice of what a task leaves. */
    @FunctionalInterface
    interface Leaving {
        /**
         * @param index among the pieces of the cut
         * @param table stays the operator's
         */
        void leave(int index, Batch table);
    }

    /** Of one task, while states are divided. */
    @FunctionalInterface
    interface Share {
        /**
         * The rows of a former task's table whose keys are this task's; the caller closes them.
         *
         * @param table with the columns of the key first; stays the caller's
         */
        Batch own(int formerTask, Batch table);
    }

    /** A piece of the state. */
    sealed interface Piece {}

    /** One that is new, which the engine takes over. */
    record Fresh(Batch table) implements Piece {}

    /** One that is stored. @param index among the pieces of the base */
    record Stored(int index) implements Piece {}
}
