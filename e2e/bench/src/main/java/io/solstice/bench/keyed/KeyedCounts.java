package io.solstice.bench.keyed;

import io.solstice.bench.nexmark.Checksum;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The work: each event is of one of many keys, all alike and in no order, and is given out with its number among those of
 * its key.
 */
public final class KeyedCounts {
    public static final String QUERY = "keyed-state";
    /** Of all stores of a system together; what they hold is some times as much. */
    public static final long STORE_BYTES = 64 << 20;

    private final long seed;
    private final long keys;
    private final Map<Long, Checksum> known = new ConcurrentHashMap<>();

    public KeyedCounts(long seed, long keys) {
        this.seed = seed;
        this.keys = keys;
    }

    public long seed() {
        return seed;
    }

    public long keys() {
        return keys;
    }

    /** Of event {@code number}. */
    public static long key(long seed, long number, long keys) {
        long mixed = (number + seed) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return Math.floorMod(mixed ^ mixed >>> 32, keys);
    }

    /** Throws if a system came to something else than a loop over an array of counts. */
    public void check(long events, Checksum found) {
        Checksum expected = known.computeIfAbsent(events, this::answer);
        if (!expected.equals(found)) {
            throw new IllegalStateException(
                    "wrong result: expected " + expected + " (rows:sum over columns), found " + found);
        }
    }

    private Checksum answer(long events) {
        int[] counts = new int[Math.toIntExact(keys)];
        long sum = 0;
        for (long number = 0; number < events; number++) {
            long key = key(seed, number, keys);
            sum += KeyCount.checksum(key, ++counts[(int) key]);
        }
        return new Checksum(events, sum);
    }
}
