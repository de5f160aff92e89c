package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.Slots;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.keyed.GroupTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;

/** The open sessions with their keys and aggregates, and their table in checkpoints. Used by the task's thread. */
final class Sessions {
    /** A table of keys is built anew when so many more keys than these have no session any more. */
    private static final int IDLE_KEYS = 1024;

    private final TallyShape shape;
    private final SessionTable sessions = new SessionTable();
    private final Slots aggregates;
    private GroupTable table;

    Sessions(TallyShape shape) {
        this.shape = shape;
        this.aggregates = new Slots(shape);
        this.table = GroupTable.of(shape.keys(), 0);
    }

    SessionTable table() {
        return sessions;
    }

    Slots aggregates() {
        return aggregates;
    }

    /** Numbers the keys of rows, which then may have sessions. */
    void assign(FieldVector[] columns, int rows, int[] keys) {
        table.assign(columns, rows, keys);
        sessions.resize(table.size());
    }

    void close(int slot) {
        sessions.unlink(slot);
        sessions.free(slot);
        aggregates.clear(slot);
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
        table = smaller;
    }

    /** Adds a copy of all that is open. */
    void save(List<Batch> tables, BufferAllocator allocator) {
        int[] open = new int[sessions.bound()];
        int count = 0;
        for (int slot = 0; slot < sessions.bound(); slot++) {
            if (sessions.isOpen(slot)) {
                open[count++] = slot;
            }
        }
        StateTables saved = new StateTables(tables, allocator);
        try {
            for (int from = 0; from < count; from += StateTables.ROWS) {
                int first = from;
                int rows = Math.min(StateTables.ROWS, count - from);
                List<StateTables.Column> beside = List.of(
                        new StateTables.Column("session.first", row -> sessions.start[open[first + row]]),
                        new StateTables.Column("session.last", row -> sessions.last[open[first + row]]),
                        new StateTables.Column("session.panes", row -> sessions.panes[open[first + row]]),
                        new StateTables.Column("session.given", row -> sessions.given[open[first + row]] ? 1 : 0),
                        new StateTables.Column("session.changed", row -> sessions.changed[open[first + row]] ? 1 : 0));
                saved.add(
                        keys(open, from, rows, allocator), beside, aggregates.saved(open, from, rows, allocator), rows);
            }
            saved.end();
        } finally {
            saved.drop();
        }
    }

    /** Takes back a table; returns the slots of its rows. */
    int[] load(Batch batch) {
        int rows = batch.rowCount();
        int first = shape.keys().size();
        List<FieldVector> columns = batch.columns();
        List<BigIntVector> beside = new ArrayList<>();
        for (int i = first; i < first + 5; i++) {
            beside.add((BigIntVector) columns.get(i));
        }
        int[] groups = new int[rows];
        table.assign(columns.subList(0, first).toArray(new FieldVector[0]), rows, groups);
        sessions.resize(table.size());
        int[] opened = new int[rows];
        for (int row = 0; row < rows; row++) {
            int slot = sessions.open(groups[row], beside.get(0).get(row));
            opened[row] = slot;
            sessions.last[slot] = beside.get(1).get(row);
            sessions.panes[slot] = (int) beside.get(2).get(row);
            sessions.given(slot, beside.get(3).get(row) != 0);
            sessions.changed[slot] = beside.get(4).get(row) != 0;
        }
        aggregates.load(columns.subList(first + 5, columns.size()), opened, rows, sessions.bound());
        return opened;
    }
}
