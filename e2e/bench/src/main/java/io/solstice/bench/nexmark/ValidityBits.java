package io.solstice.bench.nexmark;

import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Which rows are persons, auctions and bids. The kinds repeat after {@link Nexmark#EPOCH} rows, so the bitmap of a
 * batch depends only on where in the epoch it starts; each start is worked out once.
 */
final class ValidityBits {
    private static final int KINDS = Nexmark.ANY + 1;

    private final long first;
    private final long stride;
    /** By kind and start; grown to the longest batch seen. */
    private final long[][][] patterns = new long[KINDS][Nexmark.EPOCH][0];

    ValidityBits(long first, long stride) {
        this.first = first;
        this.stride = stride;
    }

    /** @param bits for each kind, an address with room for the bits in whole 8-byte words */
    void write(long position, int rows, long[] bits) {
        int start = (int) (position % Nexmark.EPOCH);
        int words = (rows + 63) >>> 6;
        for (int kind = 0; kind < KINDS; kind++) {
            long[] pattern = patterns[kind][start];
            if (pattern.length < words) {
                pattern = pattern(kind, start, words);
                patterns[kind][start] = pattern;
            }
            for (int w = 0; w < words; w++) {
                MemoryUtil.putLong(bits[kind] + ((long) w << 3), pattern[w]);
            }
        }
    }

    private long[] pattern(int kind, int start, int words) {
        long[] pattern = new long[words];
        for (int bit = 0; bit < words << 6; bit++) {
            if (kind == Nexmark.ANY || kind == Nexmark.kind(first + (start + bit) * stride)) {
                pattern[bit >>> 6] |= 1L << bit;
            }
        }
        return pattern;
    }
}
