package io.solstice.worker.userstate;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The moments that keys wait for, in microseconds since 1970-01-01 UTC, oldest first. Used by the task's thread. */
public final class KeyTimers {
    private final TreeMap<Long, Set<StateKey>> due = new TreeMap<>();

    /** A key and its moment. */
    public record Due(StateKey key, long micros) {}

    /** Sees each timer. */
    @FunctionalInterface
    public interface Visitor {
        void timer(StateKey key, long micros);
    }

    public void set(StateKey key, long micros) {
        due.computeIfAbsent(micros, none -> new LinkedHashSet<>()).add(key);
    }

    public void delete(StateKey key, long micros) {
        Set<StateKey> keys = due.get(micros);
        if (keys != null && keys.remove(key) && keys.isEmpty()) {
            due.remove(micros);
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

    public void forEach(Visitor visitor) {
        due.forEach((micros, keys) -> keys.forEach(key -> visitor.timer(key, micros)));
    }
}
