package io.solstice.common.store;

import java.util.function.LongFunction;

/**
 * A rising row of small objects, numbered from 1 without gaps, of which each is written once: what a lease, a log or
 * anything else is made of that must change hands with exactly one winner. Whoever read number n and wants to go on
 * creates n + 1, and wins or learns that it was late; this is compare-and-set with the row's length as the version.
 *
 * <p>None is ever deleted, so the newest can be found by asking for single objects, which is certain where listing is
 * not. What an object says must prove itself, for nobody keeps its size and hash.
 */
public final class NumberedObjects {
    private final ObjectStore store;
    private final LongFunction<String> keys;

    /** @param keys the key of each number; nothing else uses them */
    public NumberedObjects(ObjectStore store, LongFunction<String> keys) {
        this.store = store;
        this.keys = keys;
    }

    public String key(long number) {
        if (number < 1) {
            throw new IllegalArgumentException("numbers begin with 1, not " + number);
        }
        return keys.apply(number);
    }

    /** Creates a number whose predecessor is there. */
    public Creation append(long number, byte[] content) {
        return store.putNew(key(number), content);
    }

    public byte[] read(long number, int limitBytes) {
        return store.read(key(number), limitBytes);
    }

    /**
     * The highest number that is there, or 0. Takes about twice the logarithm of the distance from {@code known} in
     * look-ups.
     *
     * @param known a number that is certainly there, or 0
     */
    public long newest(long known) {
        long there = known;
        long step = 1;
        while (store.exists(key(there + step))) {
            there += step;
            step *= 2;
        }
        long absent = there + step;
        while (absent - there > 1) {
            long middle = there + (absent - there) / 2;
            if (store.exists(key(middle))) {
                there = middle;
            } else {
                absent = middle;
            }
        }
        return there;
    }
}
