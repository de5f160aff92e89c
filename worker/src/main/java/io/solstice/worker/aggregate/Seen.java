package io.solstice.worker.aggregate;

import io.solstice.worker.keyed.Values;
import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Which groups have had a value. As long as no value was ever missing, and each group begins with a row, that is all of
 * them, and nothing is kept.
 */
final class Seen {
    private boolean @Nullable [] flags;
    private final boolean groupsBeginEmpty;
    private int before;
    private int size;

    /** @param groupsBeginEmpty whether a group may have no row, at first or when it has been cleared */
    Seen(boolean groupsBeginEmpty) {
        this.groupsBeginEmpty = groupsBeginEmpty;
        flags = groupsBeginEmpty ? new boolean[16] : null;
    }

    void resize(int groups) {
        before = size;
        size = groups;
        boolean[] known = flags;
        if (known != null && known.length < groups) {
            flags = Arrays.copyOf(known, Math.max(groups, known.length * 2));
        }
    }

    private boolean[] tracked() {
        boolean[] known = flags;
        if (known == null) {
            known = new boolean[Math.max(16, size)];
            Arrays.fill(known, 0, before, true);
            flags = known;
        }
        return known;
    }

    /** All these groups got a value. */
    void all(int[] groups, int rows) {
        boolean[] known = flags;
        if (known != null) {
            for (int i = 0; i < rows; i++) {
                known[groups[i]] = true;
            }
        }
    }

    /** The groups of the rows whose value is present got one. */
    void some(int[] groups, boolean[] present, int rows) {
        boolean[] known = tracked();
        for (int i = 0; i < rows; i++) {
            known[groups[i]] |= present[i];
        }
    }

    void merge(Seen from, int[] sources, int[] targets, int count) {
        if (from.flags == null) {
            all(targets, count);
            return;
        }
        boolean[] known = tracked();
        for (int i = 0; i < count; i++) {
            known[targets[i]] |= from.has(sources[i]);
        }
    }

    void clear(int group) {
        tracked()[group] = false;
    }

    /** There are no groups any more. */
    void clear() {
        boolean[] known = flags;
        if (known != null) {
            Arrays.fill(known, false);
            flags = groupsBeginEmpty ? known : null;
        }
        before = 0;
        size = 0;
    }

    long heapBytes() {
        boolean[] known = flags;
        return known == null ? 0 : known.length;
    }

    boolean has(int group) {
        boolean[] known = flags;
        return known == null || known[group];
    }

    /** Marks the groups without a value as null. */
    void validity(FieldVector to, int[] picks, int from, int count) {
        Values.allPresent(to, count);
        boolean[] known = flags;
        if (known != null) {
            for (int i = 0; i < count; i++) {
                if (!known[picks[from + i]]) {
                    to.setNull(i);
                }
            }
        }
    }
}
