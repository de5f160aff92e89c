package io.solstice.worker.keyed;

import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;

/**
 * Keys of one column of whole numbers: open addressing with linear probing, at most half full. A slot is two longs that
 * share a cache line, the key and its group + 1, so that a row whose key is known costs one access to the table.
 */
final class LongGroups extends GroupTable {
    private static final int LEAST_SLOTS = 16;
    private static final int LARGEST = 1 << 30;
    private static final int NONE = -1;
    private static final boolean[] ALL = new boolean[0];

    private long[] slots;
    private int shift;
    /** By group; where the null key's would be, something without meaning. */
    private long[] keys;

    private int size;
    private int nullGroup = NONE;
    private long[] read = new long[0];
    private boolean[] present = new boolean[0];

    LongGroups(int expected) {
        int count = Integer.highestOneBit(Math.max(LEAST_SLOTS, Math.min(expected, 1 << 28) * 2 - 1)) << 1;
        slots = new long[2 * count];
        shift = Long.numberOfLeadingZeros(count) + 1;
        keys = new long[Math.max(LEAST_SLOTS, expected)];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void assign(FieldVector[] columns, int rows, int[] groups) {
        room(rows);
        WholeNumbers.read(columns[0], rows, read);
        boolean nulls = Values.someMissing(columns[0], rows, present);
        assign(read, rows, nulls ? present : ALL, groups);
    }

    private void room(int rows) {
        if (read.length < rows) {
            read = new long[rows];
            present = new boolean[rows];
        }
    }

    private void assign(long[] from, int count, boolean[] there, int[] groups) {
        boolean all = there == ALL;
        long[] table = slots;
        int mask = table.length - 1;
        for (int i = 0; i < count; i++) {
            if (!all && !there[i]) {
                groups[i] = nullGroup();
                continue;
            }
            long key = from[i];
            int slot = slot(key, shift);
            long group = table[slot + 1];
            while (group != 0 && table[slot] != key) {
                slot = (slot + 2) & mask;
                group = table[slot + 1];
            }
            if (group == 0) {
                group = insert(slot, key);
                table = slots;
                mask = table.length - 1;
            }
            groups[i] = (int) group - 1;
        }
    }

    /** The first place where a key may be: the index of its slot's first long. */
    private static int slot(long key, int shift) {
        return (int) (((key ^ (key >>> 32)) * 0x9e3779b97f4a7c15L) >>> shift) << 1;
    }

    /** The group + 1. */
    private long insert(int slot, long key) {
        slots[slot] = key;
        slots[slot + 1] = size + 1;
        add(key);
        if (size * 4L > slots.length) {
            resize(2 * slots.length);
        }
        return size;
    }

    private void add(long key) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
        }
        keys[size++] = key;
    }

    private int nullGroup() {
        if (nullGroup == NONE) {
            nullGroup = size;
            add(0);
        }
        return nullGroup;
    }

    /**
     * The slots are gone through in their order: a slot of a larger table begins where the hash's first bits say, so what
     * lies side by side stays near, and neither table is jumped about in.
     */
    private void resize(int length) {
        long[] smaller = slots;
        long[] larger = new long[length];
        shift = Long.numberOfLeadingZeros(length / 2) + 1;
        int mask = larger.length - 1;
        for (int from = 0; from < smaller.length; from += 2) {
            long group = smaller[from + 1];
            if (group == 0) {
                continue;
            }
            long key = smaller[from];
            int slot = slot(key, shift);
            while (larger[slot + 1] != 0) {
                slot = (slot + 2) & mask;
            }
            larger[slot] = key;
            larger[slot + 1] = group;
        }
        slots = larger;
    }

    @Override
    public void reserve(int expected) {
        int length = slots.length;
        while (length < 4L * expected && length < LARGEST) {
            length *= 2;
        }
        if (length > slots.length) {
            resize(length);
        }
        keys = keys.length < expected ? Arrays.copyOf(keys, expected) : keys;
    }

    @Override
    public void assign(GroupTable other, int[] picks, int from, int count, int[] groups) {
        LongGroups there = (LongGroups) other;
        room(count);
        boolean nulls = false;
        for (int i = 0; i < count; i++) {
            int pick = picks[from + i];
            read[i] = there.keys[pick];
            present[i] = pick != there.nullGroup;
            nulls |= !present[i];
        }
        assign(read, count, nulls ? present : ALL, groups);
    }

    @Override
    public void find(FieldVector[] columns, int rows, int[] groups) {
        room(rows);
        WholeNumbers.read(columns[0], rows, read);
        boolean nulls = Values.someMissing(columns[0], rows, present);
        int mask = slots.length - 1;
        for (int i = 0; i < rows; i++) {
            if (nulls && !present[i]) {
                groups[i] = nullGroup;
                continue;
            }
            long key = read[i];
            int slot = slot(key, shift);
            while (slots[slot + 1] != 0 && slots[slot] != key) {
                slot = (slot + 2) & mask;
            }
            groups[i] = (int) slots[slot + 1] - 1;
        }
    }

    @Override
    public void find(GroupTable other, int[] picks, int from, int count, int[] groups) {
        LongGroups there = (LongGroups) other;
        int mask = slots.length - 1;
        for (int i = 0; i < count; i++) {
            if (picks[from + i] == there.nullGroup) {
                groups[i] = nullGroup;
                continue;
            }
            long key = there.keys[picks[from + i]];
            int slot = slot(key, shift);
            while (slots[slot + 1] != 0 && slots[slot] != key) {
                slot = (slot + 2) & mask;
            }
            groups[i] = (int) slots[slot + 1] - 1;
        }
    }

    @Override
    public void clear() {
        Arrays.fill(slots, 0);
        size = 0;
        nullGroup = NONE;
    }

    @Override
    public boolean isTooLarge() {
        return slots.length > 2 * 1024 && size * 32L < slots.length;
    }

    @Override
    public int compare(int one, int other) {
        boolean missing = one == nullGroup || other == nullGroup;
        return missing ? Boolean.compare(one != nullGroup, other != nullGroup) : Long.compare(keys[one], keys[other]);
    }

    @Override
    public int hash(int group) {
        return group == nullGroup ? 0 : hash(keys[group]);
    }

    /** Other bits than those that choose a slot, so that keys which have some of these in common do not crowd there. */
    private static int hash(long key) {
        long mixed = (key ^ (key >>> 29)) * 0xbf58476d1ce4e5b9L;
        return (int) ((mixed ^ (mixed >>> 32)) * 0x94d049bb133111ebL >>> 32);
    }

    @Override
    public void hashes(FieldVector[] columns, int rows, int[] hashes) {
        room(rows);
        WholeNumbers.read(columns[0], rows, read);
        boolean nulls = Values.someMissing(columns[0], rows, present);
        for (int i = 0; i < rows; i++) {
            hashes[i] = nulls && !present[i] ? 0 : hash(read[i]);
        }
    }

    @Override
    public long heapBytes() {
        return 8L * (slots.length + keys.length);
    }

    @Override
    public void write(FieldVector[] columns, int[] picks, int from, int count) {
        FieldVector column = columns[0];
        Values.allPresent(column, count);
        for (int i = 0; i < count; i++) {
            int group = picks[from + i];
            if (group == nullGroup) {
                column.setNull(i);
            } else {
                WholeNumbers.write(column, i, keys[group]);
            }
        }
    }
}
