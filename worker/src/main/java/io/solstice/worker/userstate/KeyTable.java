package io.solstice.worker.userstate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operator keeps, by key, in parts of about the same size, each of which can be written alone; and which keys
 * have been changed since the last cut. Used by the task's thread.
 */
final class KeyTable {
    /** At most 32, since a set of parts is the bits of an int. */
    static final int PARTS = 32;

    private final List<Map<StateKey, Kept>> parts = new ArrayList<>();
    private Set<StateKey> changed = new HashSet<>();
    private long interval;

    KeyTable() {
        for (int part = 0; part < PARTS; part++) {
            parts.add(new HashMap<>());
        }
    }

    /** Which part a key belongs to, now and in every process. */
    static int part(StateKey key) {
        return key.hashCode() * 0x9E3779B9 >>> 27;
    }

    Map<StateKey, Kept> part(int part) {
        return parts.get(part);
    }

    @Nullable
    Kept get(StateKey key) {
        return parts.get(part(key)).get(key);
    }

    Kept getOrAdd(StateKey key, int slots) {
        return parts.get(part(key)).computeIfAbsent(key, none -> new Kept(slots));
    }

    void put(StateKey key, Kept kept) {
        parts.get(part(key)).put(key, kept);
    }

    @Nullable
    Kept remove(StateKey key) {
        return parts.get(part(key)).remove(key);
    }

    /** What is kept for a key is not what it was at the last cut. */
    void changes(StateKey key, Kept kept) {
        if (kept.changed != interval) {
            kept.changed = interval;
            changed.add(key);
        }
    }

    /** The keys that have been changed since this was asked last; some of them may be gone. */
    Set<StateKey> takeChanged() {
        Set<StateKey> taken = changed;
        changed = new HashSet<>();
        interval++;
        return taken;
    }

    long size() {
        long size = 0;
        for (Map<StateKey, Kept> part : parts) {
            size += part.size();
        }
        return size;
    }
}
