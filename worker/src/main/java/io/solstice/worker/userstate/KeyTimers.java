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
    private final KeyTable table;
    private final boolean clock;
    private TreeMap<Long, Set<Integer>> index = new TreeMap<>();
    /** How often the table had been loaded when the index was made. */
    private int loads;

    /** A key and its moment. */
    public record Due(int key, long micros) {}

    /** @param clock whether the moments are the machine's, not those of event time */
    KeyTimers(KeyTable table, boolean clock) {
        this.table = table;
        this.clock = clock;
    }

    public void set(int key, long micros) {
        TreeMap<Long, Set<Integer>> due = due();
        Kept kept = table.getOrAdd(key);
        if (kept.momentsToAddTo(clock).add(micros)) {
            kept.changed = true;
            add(due, key, micros);
        }
    }

    private void add(TreeMap<Long, Set<Integer>> due, int key, long micros) {
        due.computeIfAbsent(micros, none -> new TreeSet<>(table::compare)).add(key);
    }

    /** The index, made anew if the table has been loaded. */
    private TreeMap<Long, Set<Integer>> due() {
        if (loads != table.loads()) {
            loads = table.loads();
            TreeMap<Long, Set<Integer>> fresh = new TreeMap<>();
            table.forEachMoment(clock, (key, micros) -> add(fresh, key, micros));
            index = fresh;
        }
        return index;
    }

    /** The keys have other numbers from now on. */
    void renumber(int[] numbers) {
        TreeMap<Long, Set<Integer>> fresh = new TreeMap<>();
        due().forEach((micros, keys) -> keys.forEach(key -> add(fresh, numbers[key], micros)));
        index = fresh;
    }

    public void delete(int key, long micros) {
        TreeMap<Long, Set<Integer>> due = due();
        Kept kept = table.get(key);
        Moments moments = kept == null ? null : kept.moments(clock);
        if (kept != null && moments != null && moments.remove(micros)) {
            kept.changed = true;
            Set<Integer> keys = due.get(micros);
            if (keys != null && keys.remove(key) && keys.isEmpty()) {
                due.remove(micros);
            }
        }
    }

    /** The oldest that is not newer than this moment, taken out; null if there is none. */
    @Nullable
    public Due next(long micros) {
        Map.Entry<Long, Set<Integer>> first = due().firstEntry();
        if (first == null || first.getKey() > micros) {
            return null;
        }
        int key = first.getValue().iterator().next();
        delete(key, first.getKey());
        return new Due(key, first.getKey());
    }

    /** Whether there is one that is not newer than this moment. */
    public boolean isDue(long micros) {
        return !isEmpty() && first() <= micros;
    }

    public boolean isEmpty() {
        return due().isEmpty();
    }

    /** Of the first one; only if there are any. */
    public long first() {
        return due().firstKey();
    }

    /** Of the last one; only if there are any. */
    public long last() {
        return due().lastKey();
    }
}
