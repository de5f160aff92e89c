package io.solstice.master.lease;

import io.solstice.common.store.ObjectStore;
import java.util.function.LongFunction;

/**
 * A rising row of objects by one writer, numbered from 1, most of which are deleted again: of those that are divisible
 * by a power of two, and by no higher one, the newest few stay, and the powers themselves. So few are left, however long
 * the row, and yet the newest is found by asking for single numbers, bit by bit from the highest: each that is asked for
 * is among those that stay.
 */
final class Beats {
    private static final int KEPT = 8;

    private final ObjectStore store;
    private final LongFunction<String> keys;

    Beats(ObjectStore store, LongFunction<String> keys) {
        this.store = store;
        this.keys = keys;
    }

    /** The highest number that is there, or 0. */
    long newest() {
        long power = 1;
        while (store.exists(keys.apply(power))) {
            power *= 2;
        }
        long there = power / 2;
        for (long step = power / 4; step > 0; step /= 2) {
            if (store.exists(keys.apply(there + step))) {
                there += step;
            }
        }
        return there;
    }

    /** The end of what follows a number without a gap; the number itself also if those after it have been deleted. */
    long following(long known) {
        long there = known;
        while (store.exists(keys.apply(there + 1))) {
            there++;
        }
        return there;
    }

    void create(long number, byte[] content) {
        store.putNew(keys.apply(number), content);
    }

    /** Deletes the one that need not stay any longer now that this one is there. */
    void thin(long number) {
        long old = number - KEPT * Long.lowestOneBit(number);
        if (old > 0 && Long.bitCount(old) > 1) {
            store.delete(keys.apply(old));
        }
    }
}
