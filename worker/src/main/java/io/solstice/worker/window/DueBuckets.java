package io.solstice.worker.window;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sessions that something may be due for without looking at all: each lies in the bucket of a moment that is
 * not later. Used by one thread.
 */
final class DueBuckets {
    private static final int NEAR = 64;

    private final SessionTable sessions;
    private final long micros;
    private final TreeMap<Long, IntList> buckets = new TreeMap<>();
    /** Some of the buckets, found without a search. */
    private final @Nullable IntList[] nearBuckets = new IntList[NEAR];

    private final long[] nearNumbers = new long[NEAR];

    /** @param micros how much time a bucket spans */
    DueBuckets(SessionTable sessions, long micros) {
        this.sessions = sessions;
        this.micros = micros;
    }

    /** Lets a session be found at that time, or a little before, and at no other. */
    void put(int slot, long time) {
        long number = Math.floorDiv(time, micros);
        sessions.bucket[slot] = number;
        int near = (int) number & NEAR - 1;
        IntList bucket = nearBuckets[near];
        if (bucket == null || nearNumbers[near] != number) {
            bucket = buckets.computeIfAbsent(number, none -> new IntList());
            nearBuckets[near] = bucket;
            nearNumbers[near] = number;
        }
        bucket.add(slot);
    }

    /** Takes out the sessions whose time has come, or nearly so. */
    IntList take(long now) {
        IntList due = new IntList();
        long last = Math.floorDiv(now, micros);
        while (!buckets.isEmpty() && buckets.firstKey() <= last) {
            long number = buckets.firstKey();
            IntList there = buckets.pollFirstEntry().getValue();
            nearBuckets[(int) number & NEAR - 1] = null;
            for (int i = 0; i < there.size(); i++) {
                int slot = there.get(i);
                // It may have moved on since, or be here twice.
                if (sessions.bucket[slot] == number) {
                    sessions.bucket[slot] = Long.MIN_VALUE;
                    due.add(slot);
                }
            }
        }
        return due;
    }
}
