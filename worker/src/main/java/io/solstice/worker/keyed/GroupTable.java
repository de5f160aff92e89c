package io.solstice.worker.keyed;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * The keys seen so far, numbered from 0 in the order in which they came. Keys are never removed: a table is built anew
 * with those that are left. Two keys are one if {@link io.solstice.exchange.partition.KeyHash} takes them for one: there
 * is one zero, one NaN, and null is a key. Used by one thread.
 */
public abstract sealed class GroupTable permits LongGroups, BytesGroups, OneGroup {

    /** @param expected about how many keys will come; a guess that is wrong costs time, not truth */
    public static GroupTable of(List<Field> keys, int expected) {
        if (keys.isEmpty()) {
            return new OneGroup();
        }
        if (keys.size() > 1) {
            return new BytesGroups(keys, expected);
        } else if (WholeNumbers.are(keys.get(0))) {
            return new LongGroups(expected);
        }
        return KeyTexts.are(keys.get(0)) ? new TextGroups(keys, expected) : new BytesGroups(keys, expected);
    }

    /** How many keys there are. */
    public abstract int size();

    /** Makes room for so many keys at once. */
    public abstract void reserve(int keys);

    /** The group of each row's key, which is new if nobody had it. */
    public abstract void assign(FieldVector[] keys, int rows, int[] groups);

    /** The group of each row's key, or -1 for a key that is not here. */
    public abstract void find(FieldVector[] keys, int rows, int[] groups);

    /** The groups, here, of keys of another table of the same kind: of its groups {@code picks[from]} and on. */
    public abstract void assign(GroupTable other, int[] picks, int from, int count, int[] groups);

    /** As the other, but -1 for a key that is not here. */
    public abstract void find(GroupTable other, int[] picks, int from, int count, int[] groups);

    /** Forgets all keys, and keeps the memory. */
    public abstract void clear();

    /** Whether so few of its slots were used that it is better built anew. */
    public abstract boolean isTooLarge();

    /** An order of the keys of two groups, which is the same in every process. */
    public abstract int compare(int one, int other);

    /** Bits that are the same for a key in every process, and of which each says as much as any other. */
    public abstract int hash(int group);

    /** The same of each row's key. */
    public abstract void hashes(FieldVector[] keys, int rows, int[] hashes);

    /** About how much memory it takes. */
    public abstract long heapBytes();

    /** Adds the keys of groups {@code picks[from]} to {@code picks[from + count - 1]} to vectors that have room. */
    public abstract void write(FieldVector[] keys, int[] picks, int from, int count);
}
