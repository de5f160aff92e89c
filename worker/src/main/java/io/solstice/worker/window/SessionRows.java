package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * A table of sessions: the keys, when the first and the last row were, what else is known, and the aggregates. Tables
 * that were written before sessions could lie in files have three columns for what is one now, and all sessions of a key.
 */
final class SessionRows {
    static final String FIRST = "session.first";
    static final String LAST = "session.last";
    static final String MARKS = "session.marks";

    private static final int GIVEN = 1;
    private static final int CHANGED = 2;
    private static final int WHOLE = 4;
    private static final int PANES_SHIFT = 3;

    private final Batch table;
    private final int keys;
    private final BigIntVector first;
    private final BigIntVector last;
    private final @Nullable BigIntVector marks;

    /** @param keys how many key columns there are */
    SessionRows(Batch table, int keys) {
        this.table = table;
        this.keys = keys;
        this.first = (BigIntVector) table.column(keys);
        this.last = (BigIntVector) table.column(keys + 1);
        this.marks = isMarked(table, keys) ? (BigIntVector) table.column(keys + 2) : null;
    }

    /** Whether it is as it is written now. */
    static boolean isMarked(Batch table, int keys) {
        return table.schema().getFields().get(keys + 2).getName().equals(MARKS);
    }

    static long marks(int panes, boolean given, boolean changed, boolean whole) {
        return (long) panes << PANES_SHIFT | (given ? GIVEN : 0) | (changed ? CHANGED : 0) | (whole ? WHOLE : 0);
    }

    int count() {
        return table.rowCount();
    }

    long first(int row) {
        return first.get(row);
    }

    long last(int row) {
        return last.get(row);
    }

    int panes(int row) {
        return marks == null ? (int) number(0, row) : (int) (marks.get(row) >> PANES_SHIFT);
    }

    boolean isGiven(int row) {
        return marks == null ? number(1, row) != 0 : (marks.get(row) & GIVEN) != 0;
    }

    boolean isChanged(int row) {
        return marks == null ? number(2, row) != 0 : (marks.get(row) & CHANGED) != 0;
    }

    /** Whether what older tables have of the key does not count any more. */
    boolean isWhole(int row) {
        return marks == null || (marks.get(row) & WHOLE) != 0;
    }

    private long number(int column, int row) {
        return ((BigIntVector) table.column(keys + 2 + column)).get(row);
    }

    FieldVector[] keys() {
        return keys(table, keys);
    }

    static FieldVector[] keys(Batch table, int count) {
        return table.columns().subList(0, count).toArray(new FieldVector[0]);
    }

    List<FieldVector> aggregates() {
        List<FieldVector> columns = table.columns();
        return columns.subList(keys + (marks == null ? 5 : 3), columns.size());
    }
}
