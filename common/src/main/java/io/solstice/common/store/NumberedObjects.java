package io.solstice.common.store;

import java.util.OptionalLong;

/**
 * A rising row of small objects, numbered from 1 without gaps, of which each is written once: what a lease, an epoch or
 * anything else is made of that must change hands with exactly one winner. Whoever read number n and wants to go on
 * creates n + 1, and wins or learns that it was late; this is compare-and-set with the row's length as the version.
 *
 * <p>None is ever deleted, so the newest can be found by asking for single objects, which is certain where listing is not.
 */
public final class NumberedObjects {
    private final ObjectStore store;
    private final String folder;

    /** @param folder the key of the row, which nothing else uses */
    public NumberedObjects(ObjectStore store, String folder) {
        this.store = store;
        this.folder = ObjectKeys.check(folder);
    }

    public String key(long number) {
        if (number < 1) {
            throw new IllegalArgumentException("numbers begin with 1, not " + number);
        }
        return "%s/%019d".formatted(folder, number);
    }

    /** Creates a number whose predecessor is there; the seal is added. */
    public Creation append(long number, byte[] content) {
        return store.putNew(key(number), Seal.close(content));
    }

    public byte[] read(long number, int limitBytes) {
        String key = key(number);
        return Seal.open(key, store.read(key, limitBytes + 32));
    }

    /**
     * The highest number that is there, or nothing. Takes about twice the logarithm of the distance from {@code known}
     * in look-ups.
     *
     * @param known a number that is certainly there, or 0
     */
    public OptionalLong newest(long known) {
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
        return there == 0 ? OptionalLong.empty() : OptionalLong.of(there);
    }
}
