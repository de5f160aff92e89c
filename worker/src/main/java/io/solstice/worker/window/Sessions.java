package io.solstice.worker.window;

import io.solstice.worker.aggregate.Slots;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.keyed.GroupTable;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Open sessions with their keys and aggregates, and when something is due for them. Used by the task's thread. */
final class Sessions {
    /** A table of keys is built anew when so many more keys than these have no session any more. */
    private static final int IDLE_KEYS = 1024;

    private final TallyShape shape;
    private final SessionTime time;
    private final SessionTable sessions = new SessionTable();
    private final Slots aggregates;
    private final DueBuckets buckets;
    /** Sessions that became part of another one, and of which; their aggregates have not been moved yet. */
    private final IntList moved = new IntList();

    private final IntList movedTo = new IntList();
    private GroupTable table;
    /** By key: the absorbed table in which it was found whole. */
    private int[] replaced = new int[0];

    private int absorbed;

    /** @param expected about how many keys will come */
    Sessions(TallyShape shape, SessionTime time, int expected) {
        this.shape = shape;
        this.time = time;
        this.aggregates = new Slots(shape);
        this.buckets = new DueBuckets(sessions, time.bucketMicros());
        this.table = GroupTable.of(shape.keys(), expected);
    }

    SessionTable table() {
        return sessions;
    }

    Slots aggregates() {
        return aggregates;
    }

    DueBuckets buckets() {
        return buckets;
    }

    /** The keys alone. */
    GroupTable keys() {
        return table;
    }

    /** Numbers the keys of rows, which then may have sessions. */
    void assign(FieldVector[] columns, int rows, int[] keys) {
        table.assign(columns, rows, keys);
        sessions.resize(table.size());
    }

    /** Numbers all keys of another table. */
    int[] assign(GroupTable some) {
        int[] keys = new int[some.size()];
        table.assign(some, TallyShape.sequence(keys.length), 0, keys.length, keys);
        sessions.resize(table.size());
        return keys;
    }

    /**
     * The session of a key with which one from the first to the last moment overlaps, after all that it overlaps with
     * have become one; {@link SessionTable#NONE} if there is none. {@link #mergeMoved} is to be called then.
     */
    int overlapping(int key, long first, long last) {
        int slot = sessions.head(key);
        int found = SessionTable.NONE;
        while (slot != SessionTable.NONE) {
            int following = sessions.next[slot];
            // Overlapping, not merely touching; what was joined before counts.
            if (first < sessions.last[slot] + time.gap() && sessions.start[slot] < last + time.gap()) {
                found = found == SessionTable.NONE ? slot : join(found, slot);
            }
            slot = following;
        }
        return found;
    }

    /** Makes the second session a part of the first. */
    private int join(int into, int other) {
        sessions.start[into] = Math.min(sessions.start[into], sessions.start[other]);
        sessions.last[into] = Math.max(sessions.last[into], sessions.last[other]);
        sessions.panes[into] = Math.max(sessions.panes[into], sessions.panes[other]);
        sessions.unlink(other);
        sessions.given(into, sessions.given[into] || sessions.given[other]);
        moved.add(other);
        movedTo.add(into);
        return into;
    }

    /** Moves the aggregates of sessions that became part of others, and corrects slots of rows, which may be below 0. */
    void mergeMoved(int[] slots, int rows) {
        if (moved.size() == 0) {
            return;
        }
        if (rows > 0) {
            int[] target = new int[sessions.bound()];
            Arrays.fill(target, SessionTable.NONE);
            for (int i = moved.size() - 1; i >= 0; i--) {
                int to = movedTo.get(i);
                target[moved.get(i)] = target[to] == SessionTable.NONE ? to : target[to];
            }
            for (int i = 0; i < rows; i++) {
                if (slots[i] >= 0 && target[slots[i]] != SessionTable.NONE) {
                    slots[i] = target[slots[i]];
                }
            }
        }
        aggregates.move(moved.items(), movedTo.items(), moved.size(), sessions.bound());
        for (int i = 0; i < moved.size(); i++) {
            sessions.free(moved.get(i));
        }
        moved.clear();
        movedTo.clear();
    }

    void close(int slot) {
        sessions.unlink(slot);
        sessions.free(slot);
        aggregates.clear(slot);
    }

    /** Lets all sessions of a key be found when something is due for them. */
    void scheduleAll(int key) {
        for (int slot = sessions.head(key); slot != SessionTable.NONE; slot = sessions.next[slot]) {
            schedule(slot);
        }
    }

    /** Lets a session be found when something is due for it. */
    void schedule(int slot) {
        long end = sessions.last[slot] + time.gap();
        buckets.put(slot, sessions.given[slot] ? end + time.lateness() : end);
    }

    /**
     * Adds sessions that are newer than what is here of their keys, of which they may be parts.
     *
     * @param keys of the rows
     * @param replacing whether sessions that are all of their key's replace what is here of it
     */
    void absorb(SessionRows rows, int[] keys, boolean replacing) {
        int count = rows.count();
        int[] slots = new int[count];
        absorbed++;
        if (replaced.length < table.size()) {
            replaced = Arrays.copyOf(replaced, Math.max(table.size(), 2 * replaced.length));
        }
        for (int row = 0; row < count; row++) {
            int key = keys[row];
            if (rows.isWhole(row)) {
                sessions.whole[key] = true;
                if (replacing && replaced[key] != absorbed) {
                    replaced[key] = absorbed;
                    forget(key);
                }
            }
            slots[row] = absorb(rows, row, key);
        }
        mergeMoved(slots, count);
        aggregates.load(rows.aggregates(), slots, count, sessions.bound());
    }

    private void forget(int key) {
        while (sessions.head(key) != SessionTable.NONE) {
            close(sessions.head(key));
        }
    }

    private int absorb(SessionRows rows, int row, int key) {
        long first = rows.first(row);
        long last = rows.last(row);
        int slot = overlapping(key, first, last);
        if (slot == SessionTable.NONE) {
            slot = sessions.open(key, first);
            sessions.last[slot] = last;
            sessions.panes[slot] = rows.panes(row);
            sessions.changed[slot] = rows.isChanged(row);
            sessions.given(slot, rows.isGiven(row));
        } else {
            sessions.start[slot] = Math.min(sessions.start[slot], first);
            sessions.last[slot] = Math.max(sessions.last[slot], last);
            sessions.panes[slot] = Math.max(sessions.panes[slot], rows.panes(row));
            sessions.changed[slot] |= rows.isChanged(row);
            sessions.given(slot, sessions.given[slot] && rows.isGiven(row));
        }
        return slot;
    }

    /** Puts the sessions of a key aside; returns the first, to which the others are chained. */
    int detach(int key) {
        int first = sessions.detach(key);
        for (int slot = first; slot != SessionTable.NONE; slot = sessions.next[slot]) {
            sessions.bucket[slot] = Long.MIN_VALUE;
        }
        return first;
    }

    /** Adds what was put aside to what has been absorbed of the key since, which is older. */
    void attach(int key, int first) {
        int slot = first;
        while (slot != SessionTable.NONE) {
            int following = sessions.next[slot];
            int into = overlapping(key, sessions.start[slot], sessions.last[slot]);
            if (into == SessionTable.NONE) {
                sessions.attach(slot);
            } else {
                sessions.start[into] = Math.min(sessions.start[into], sessions.start[slot]);
                sessions.last[into] = Math.max(sessions.last[into], sessions.last[slot]);
                sessions.panes[into] = Math.max(sessions.panes[into], sessions.panes[slot]);
                sessions.changed[into] |= sessions.changed[slot];
                sessions.given(into, sessions.given[into] && sessions.given[slot]);
                moved.add(slot);
                movedTo.add(into);
            }
            slot = following;
        }
        mergeMoved(new int[0], 0);
        sessions.whole[key] = true;
        scheduleAll(key);
    }

    /** About how much memory they take. */
    long heapBytes() {
        return table.heapBytes() + sessions.heapBytes() + aggregates.heapBytes();
    }

    /** The keys of slots as columns, which the caller closes. */
    List<FieldVector> keys(int[] picks, int from, int count, BufferAllocator allocator) {
        int[] groups = new int[count];
        for (int i = 0; i < count; i++) {
            groups[i] = sessions.key[picks[from + i]];
        }
        return shape.keys(table, groups, 0, count, allocator);
    }

    /** Builds the table of keys anew if most of them have no session any more. */
    void forgetKeys() {
        if (table.size() <= 2 * sessions.keys() + IDLE_KEYS) {
            return;
        }
        int[] before = sessions.keysInUse();
        int[] after = new int[before.length];
        GroupTable smaller = GroupTable.of(shape.keys(), before.length);
        smaller.assign(table, before, 0, before.length, after);
        sessions.renumber(before, after);
        replaced = new int[0];
        table = smaller;
    }

    /**
     * Adds a copy of some sessions, as {@link SessionRows}.
     *
     * @param whole whether there is nothing else of their keys anywhere
     */
    void save(int[] picks, int from, int count, boolean whole, StateTables to, BufferAllocator allocator) {
        List<StateTables.Column> beside = List.of(
                new StateTables.Column(SessionRows.FIRST, row -> sessions.start[picks[from + row]]),
                new StateTables.Column(SessionRows.LAST, row -> sessions.last[picks[from + row]]),
                new StateTables.Column(SessionRows.MARKS, row -> marks(picks[from + row], whole)));
        List<FieldVector> columns = keys(picks, from, count, allocator);
        List<FieldVector> saved;
        try {
            saved = aggregates.saved(picks, from, count, allocator);
        } catch (RuntimeException | Error failure) {
            columns.forEach(FieldVector::close);
            throw failure;
        }
        to.add(columns, beside, saved, count);
    }

    private long marks(int slot, boolean whole) {
        return SessionRows.marks(
                sessions.panes[slot],
                sessions.given[slot],
                sessions.changed[slot],
                whole || sessions.whole[sessions.key[slot]]);
    }
}
