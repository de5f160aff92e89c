package io.solstice.worker.aggregate;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * One aggregate of all groups of a {@link Tally}. Groups are numbers from 0; {@code targets} and {@code groups} may name
 * one group many times. Used by one thread.
 */
public abstract class Accumulator {
    /** There are so many groups now; new ones have nothing yet. Called before each change. */
    abstract void resize(int groups);

    /**
     * Adds each row to its group.
     *
     * @param order of the rows, such as their times, where that decides
     */
    abstract void add(Lane lane, long[] order, int[] groups, int rows);

    /** Adds what groups of another accumulator of the same kind, or of this one, have. */
    abstract void merge(Accumulator from, int[] sources, int[] targets, int count);

    /** The group has nothing any more. */
    abstract void clear(int group);

    /** There are no groups any more. */
    abstract void clear();

    /** About how much memory it takes. */
    abstract long heapBytes();

    /** Writes the results of groups {@code picks[from]} to {@code picks[from + count - 1]} into a vector with room. */
    abstract void result(FieldVector to, int[] picks, int from, int count);

    /** The columns that {@link #save} writes, for these groups. */
    abstract List<Field> stateFields(String name, int[] picks, int from, int count);

    /** Writes all that is known of groups. */
    abstract void save(List<FieldVector> to, int[] picks, int from, int count);

    /** Adds what was saved to groups. */
    abstract void load(List<FieldVector> from, int[] groups, int rows);
}
