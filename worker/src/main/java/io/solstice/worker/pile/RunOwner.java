package io.solstice.worker.pile;

import java.util.List;

/** A table that rows are added to, on top of runs of what was in it before. Used by the task's thread. */
public interface RunOwner extends AutoCloseable {
    /** Oldest first. */
    List<Run> runs();

    /** Whether a checkpoint may have its rows in one table with those of other owners. */
    boolean isJoined();

    /** About how much of the heap the table takes. */
    long liveBytes();

    /** Makes runs of the table. */
    void freeze();

    /** Before a cut: makes runs of the table if it is large, or has not changed since the last one. */
    void settle();

    @Override
    void close();
}
