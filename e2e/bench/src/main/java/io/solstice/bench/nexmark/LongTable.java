package io.solstice.bench.nexmark;

import java.util.Arrays;

/**
 * Numbers a set of keys, none of which is 0, from 0 on in order of arrival: what a hand-written loop keeps beside them
 * lies in arrays by that number.
 */
final class LongTable {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long[] slots = new long[1 << 10];
    private int[] numbers = new int[slots.length];
    private int shift = Long.numberOfLeadingZeros(slots.length - 1);
    private long[] keys = new long[slots.length / 2];
    private int size;

    int size() {
        return size;
    }

    /** How many keys there is room for now; what lies beside them must have as much. */
    int capacity() {
        return keys.length;
    }

    long key(int number) {
        return keys[number];
    }

    /** The number of a key, which is the next one if it is new. */
    int number(long key) {
        int mask = slots.length - 1;
        int slot = (int) (key * GOLDEN >>> shift);
        while (slots[slot] != key) {
            if (slots[slot] == 0) {
                return add(slot, key);
            }
            slot = slot + 1 & mask;
        }
        return numbers[slot];
    }

    private int add(int slot, long key) {
        int number = size++;
        slots[slot] = key;
        numbers[slot] = number;
        keys[number] = key;
        if (size == keys.length) {
            grow();
        }
        return number;
    }

    private void grow() {
        slots = new long[2 * slots.length];
        numbers = new int[slots.length];
        shift--;
        keys = Arrays.copyOf(keys, slots.length / 2);
        int mask = slots.length - 1;
        for (int number = 0; number < size; number++) {
            int slot = (int) (keys[number] * GOLDEN >>> shift);
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = keys[number];
            numbers[slot] = number;
        }
    }

    void clear() {
        Arrays.fill(slots, 0);
        size = 0;
    }
}
