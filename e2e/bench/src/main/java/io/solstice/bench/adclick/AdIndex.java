package io.solstice.bench.adclick;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.util.MemoryUtil;

/** Finds the number of an ad by the bytes of its name: a hash table of words that lie side by side. */
final class AdIndex {
    private static final int NAME_BYTES = 36;
    /** A name's four words and its last four bytes, then the number. */
    private static final int WIDTH = 8;

    private static final int NUMBER = 5;
    private static final int SLOTS = 4096;
    private static final int NONE = -1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long[] words = new long[SLOTS * WIDTH];

    AdIndex() {
        for (int slot = 0; slot < SLOTS; slot++) {
            words[slot * WIDTH + NUMBER] = NONE;
        }
        for (int ad = 0; ad < Ads.ADS; ad++) {
            add(Ads.AD_NAMES.string(ad).getBytes(StandardCharsets.US_ASCII), ad);
        }
    }

    private void add(byte[] name, int ad) {
        long[] key = new long[WIDTH];
        for (int i = 0; i < NAME_BYTES; i++) {
            key[i >> 3] |= (name[i] & 0xFFL) << (8 * (i & 7));
        }
        int at = slot(key[0], key[1], key[2], key[3], key[4]);
        while (words[at + NUMBER] != NONE) {
            at = next(at);
        }
        key[NUMBER] = ad;
        System.arraycopy(key, 0, words, at, WIDTH);
    }

    /** @return the number of the ad whose name lies there, which must be one of them */
    int find(long address) {
        long first = MemoryUtil.getLong(address);
        long second = MemoryUtil.getLong(address + 8);
        long third = MemoryUtil.getLong(address + 16);
        long fourth = MemoryUtil.getLong(address + 24);
        long last = MemoryUtil.getInt(address + 32) & 0xFFFFFFFFL;
        int at = slot(first, second, third, fourth, last);
        while (words[at] != first
                || words[at + 1] != second
                || words[at + 2] != third
                || words[at + 3] != fourth
                || words[at + 4] != last) {
            if (words[at + NUMBER] == NONE) {
                throw new IllegalArgumentException("there is no ad of that name");
            }
            at = next(at);
        }
        return (int) words[at + NUMBER];
    }

    private static int slot(long first, long second, long third, long fourth, long last) {
        long hash = ((((first * GOLDEN ^ second) * GOLDEN ^ third) * GOLDEN ^ fourth) * GOLDEN ^ last) * GOLDEN;
        return (int) (hash >>> 52) * WIDTH;
    }

    private static int next(int at) {
        return at + WIDTH & SLOTS * WIDTH - 1;
    }
}
