package io.solstice.bench.nexmark;

import java.util.Arrays;

/**
 * Some words for each of a set of keys, none of which is 0: the key and its words lie side by side, so that all of them
 * are there with one look into memory.
 */
final class LongTable {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int SLOTS = 1 << 10;

    private final int widthBits;
    private long[] words;
    private int shift = Long.numberOfLeadingZeros(SLOTS - 1);
    private int size;

    /** @param width of a key and its words together: a power of two */
    LongTable(int width) {
        this.widthBits = Integer.numberOfTrailingZeros(width);
        this.words = new long[SLOTS << widthBits];
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Every {@code width}th one is a key, or 0 where there is none, before its words. They move when a key is added. */
    long[] words() {
        return words;
    }

    /** Where the key lies in {@link #words}; the words of a new one are 0. */
    int at(long key) {
        int mask = words.length - 1;
        int at = (int) (key * GOLDEN >>> shift) << widthBits;
        while (words[at] != key) {
            if (words[at] == 0) {
                return add(at, key);
            }
            at = at + (1 << widthBits) & mask;
        }
        return at;
    }

    private int add(int at, long key) {
        if (++size << widthBits + 1 > words.length) {
            grow();
            return at(key);
        }
        words[at] = key;
        return at;
    }

    private void grow() {
        long[] old = words;
        words = new long[2 * old.length];
        shift--;
        size = 0;
        int width = 1 << widthBits;
        for (int from = 0; from < old.length; from += width) {
            if (old[from] != 0) {
                int at = at(old[from]);
                System.arraycopy(old, from, words, at, width);
            }
        }
    }

    void clear() {
        Arrays.fill(words, 0);
        size = 0;
    }
}
