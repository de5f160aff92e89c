package io.solstice.api.source;

import io.solstice.common.protocol.Split;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Where rows come from. A source divides what there is into splits once for a job; the tasks then read the splits, each
 * of them by one task, in any order. One object serves either the planning or one task, on one thread.
 */
public interface Source extends AutoCloseable {
    /** The columns that will be read. Called before the job starts; throws if there is nothing to be read. */
    Schema schema() throws Exception;

    /** The pieces that can be read apart. Called once for a job, before it starts. */
    List<Split> splits() throws Exception;

    /**
     * Opens a split.
     *
     * @param position how many of the rows that this source delivers of it have been delivered before, 0 at the start;
     *     exactly the others are to follow, so the rows of a split have to come in the same order every time
     */
    SourceReader open(Split split, long position, SourceContext context) throws Exception;

    /**
     * Whether reading may wait for a disk or a network. Such a reader is called on a thread of its own, ahead of the
     * task; others are called by the task.
     */
    default boolean blocks() {
        return true;
    }

    /** Whether the rows come to an end by themselves. Asked before the job starts. */
    default boolean isBounded() {
        return true;
    }

    /**
     * Whether each split comes to its end by itself. Splits that do not, such as partitions of a log, are all read at the
     * same time by the task that has them, each by a source object of its own.
     */
    default boolean splitsEnd() {
        return true;
    }

    @Override
    default void close() throws Exception {}
}
