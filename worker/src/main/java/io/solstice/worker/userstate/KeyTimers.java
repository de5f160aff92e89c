package io.solstice.worker.userstate;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The moments that keys wait for, in microseconds since 1970-01-01 UTC, oldest first, and those of one moment always in
 * the same order: an index of what the table keeps for each key. Used by the task's thread.
 */
public final class KeyTimers {
    private final KeyedStates states;
    private final boolean clock;
    private final TreeMap<Long, Set<StateKey>> due = new TreeMap<>();

    /** A key and its moment. */
    public record Due(StateKey key, long micros) {}

    /** @param clock whether the moments are the machine's, not those of event time */
    KeyTimers(KeyedStates states, boolean clock) {
        this.states = states;
        this.clock = clock;
    }

    public void set(StateKey key, long micros) {
        Kept kept = states.keptOrNew(key);
        if (kept.momentsToAddTo(clock).add(micros)) {
            states.table().changes(key, kept);
            index(key, micros);
        }
    }

    /** A moment that the table has. */
    void index(StateKey key, long micros) {
        due.computeIfAbsent(micros, none -> new TreeSet<>()).add(key);
    }

    /** One that the table has no more. */
    void forget(StateKey key, long micros) {
        Set<StateKey> keys = due.get(micros);
        if (keys != null && keys.remove(key) && keys.isEmpty()) {
            due.remove(micros);
        }
    }

    public void delete(StateKey key, long micros) {
        Kept kept = states.table().get(key);
        Moments moments = kept == null ? null : kept.moments(clock);
        if (kept != null && moments != null && moments.remove(micros)) {
            states.table().changes(key, kept);
            forget(key, micros);
        }
    }

    /** The oldest that is not newer than this moment, taken out; null if there is none. */
    @Nullable
    public Due next(long micros) {
        Map.Entry<Long, Set<StateKey>> first = due.firstEntry();
        if (first == null || first.getKey() > micros) {
            return null;
        }
        StateKey key = first.getValue().iterator().next();
        delete(key, first.getKey());
        return new Due(key, first.getKey());
    }

    /** Whether there is one that is not newer than this moment. */
    public boolean isDue(long micros) {
        return !due.isEmpty() && due.firstKey() <= micros;
    }

    public boolean isEmpty() {
        return due.isEmpty();
    }

    /** Of the first one; only if there are any. */
    public long first() {
        return due.firstKey();
    }

    /** Of the last one; only if there are any. */
    public long last() {
        return due.lastKey();
    }
}
