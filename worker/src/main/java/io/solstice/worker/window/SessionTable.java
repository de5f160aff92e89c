package io.solstice.worker.window;

import java.util.Arrays;

/**
 * The open sessions of all keys, as slots that are used again: for each key a chain of its sessions, nearly always of
 * one. Times are in microseconds. Used by one thread.
 */
final class SessionTable {
    static final int NONE = -1;

    private int[] heads = new int[0];
    /** By key: its session, if it has just one, which has not been given out; else {@link #NONE}. */
    int[] plain = new int[0];
    /** By key: whether all its sessions are here, if there could be more of it elsewhere. */
    boolean[] whole = new boolean[0];

    private int keys;
    private int used;
    private int[] free = new int[16];
    private int freeCount;

    /** By slot. */
    long[] start = new long[16];

    long[] last = new long[16];
    int[] key = new int[16];
    int[] next = new int[16];
    int[] panes = new int[16];
    /** Whether its result has been given out; set by {@link #given(int, boolean)}. */
    boolean[] given = new boolean[16];
    /** Whether it has changed since its last result. */
    boolean[] changed = new boolean[16];
    /** The bucket that will look after it, by its number. */
    long[] bucket = new long[16];

    /** Slots are numbers below this. */
    int bound() {
        return used;
    }

    /** How many keys have a session. */
    int keys() {
        return keys;
    }

    /** About how much memory it takes. */
    long heapBytes() {
        return 9L * heads.length + 38L * start.length;
    }

    /** There are so many keys now. */
    void resize(int count) {
        if (count > heads.length) {
            int before = heads.length;
            heads = Arrays.copyOf(heads, Math.max(count, before * 2));
            Arrays.fill(heads, before, heads.length, NONE);
            plain = Arrays.copyOf(plain, heads.length);
            Arrays.fill(plain, before, heads.length, NONE);
            whole = Arrays.copyOf(whole, heads.length);
        }
    }

    /** To be called when the sessions of a key, or whether they have been given out, have changed. */
    private void changed(int ofKey) {
        int slot = heads[ofKey];
        plain[ofKey] = slot != NONE && next[slot] == NONE && !given[slot] ? slot : NONE;
    }

    void given(int slot, boolean isGiven) {
        given[slot] = isGiven;
        changed(key[slot]);
    }

    /** The first session of a key, or {@link #NONE}. */
    int head(int ofKey) {
        return heads[ofKey];
    }

    int open(int ofKey, long time) {
        int slot = freeCount > 0 ? free[--freeCount] : used++;
        if (slot == start.length) {
            grow(slot * 2);
        }
        start[slot] = time;
        last[slot] = time;
        key[slot] = ofKey;
        panes[slot] = 0;
        given[slot] = false;
        changed[slot] = true;
        bucket[slot] = Long.MIN_VALUE;
        next[slot] = heads[ofKey];
        keys += heads[ofKey] == NONE ? 1 : 0;
        heads[ofKey] = slot;
        changed(ofKey);
        return slot;
    }

    private void grow(int length) {
        start = Arrays.copyOf(start, length);
        last = Arrays.copyOf(last, length);
        key = Arrays.copyOf(key, length);
        next = Arrays.copyOf(next, length);
        panes = Arrays.copyOf(panes, length);
        given = Arrays.copyOf(given, length);
        changed = Arrays.copyOf(changed, length);
        bucket = Arrays.copyOf(bucket, length);
    }

    /** Takes a session off its key; its slot is not yet free. */
    void unlink(int slot) {
        int ofKey = key[slot];
        if (heads[ofKey] == slot) {
            heads[ofKey] = next[slot];
            keys -= heads[ofKey] == NONE ? 1 : 0;
        } else {
            int before = heads[ofKey];
            while (next[before] != slot) {
                before = next[before];
            }
            next[before] = next[slot];
        }
        bucket[slot] = Long.MIN_VALUE;
        changed(ofKey);
    }

    /** Takes all sessions off a key; returns the first, to which the others are chained, or {@link #NONE}. */
    int detach(int ofKey) {
        int first = heads[ofKey];
        keys -= first == NONE ? 0 : 1;
        heads[ofKey] = NONE;
        plain[ofKey] = NONE;
        return first;
    }

    /** Gives a session that was detached back to its key. */
    void attach(int slot) {
        int ofKey = key[slot];
        keys += heads[ofKey] == NONE ? 1 : 0;
        next[slot] = heads[ofKey];
        heads[ofKey] = slot;
        changed(ofKey);
    }

    /** The slots that are open. */
    IntList open() {
        IntList open = new IntList();
        for (int slot = 0; slot < used; slot++) {
            if (isOpen(slot)) {
                open.add(slot);
            }
        }
        return open;
    }

    /** The slot may be used again. */
    void free(int slot) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        key[slot] = NONE;
        free[freeCount++] = slot;
    }

    boolean isOpen(int slot) {
        return key[slot] != NONE;
    }

    /** The keys that have sessions, and, by key, its place among them. */
    int[] keysInUse() {
        int[] inUse = new int[keys];
        int count = 0;
        for (int k = 0; k < heads.length; k++) {
            if (heads[k] != NONE) {
                inUse[count++] = k;
            }
        }
        return inUse;
    }

    /** Gives keys that have sessions other numbers. */
    void renumber(int[] before, int[] after) {
        int[] moved = new int[Math.max(16, before.length)];
        boolean[] stillWhole = new boolean[moved.length];
        Arrays.fill(moved, NONE);
        for (int i = 0; i < before.length; i++) {
            stillWhole[after[i]] = whole[before[i]];
            moved[after[i]] = heads[before[i]];
            for (int slot = heads[before[i]]; slot != NONE; slot = next[slot]) {
                key[slot] = after[i];
            }
        }
        heads = moved;
        whole = stillWhole;
        plain = new int[moved.length];
        Arrays.fill(plain, NONE);
        for (int ofKey : after) {
            changed(ofKey);
        }
    }
}
