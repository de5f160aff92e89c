package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.Tally;
import io.solstice.worker.aggregate.TallyShape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.VectorBatchAppender;

/**
 * Joins parts of state, such as the slices of a window, to tables of many rows: keys first, then what is added to them,
 * then the aggregates. Parts whose columns differ come into tables of their own.
 */
final class StateTables {
    /** A table ends with the part that makes it longer. */
    static final int ROWS = 1 << 18;

    private static final long BYTES = 256L << 20;

    private final List<Batch> tables;
    private final BufferAllocator allocator;
    private List<FieldVector> open = List.of();
    private int rows;

    /** A column of whole numbers beside the keys. */
    record Column(String name, IntToLongFunction values) {
        Field field() {
            return new Field(name, FieldType.notNullable(new ArrowType.Int(64, true)), null);
        }
    }

    StateTables(List<Batch> tables, BufferAllocator allocator) {
        this.tables = tables;
        this.allocator = allocator;
    }

    /** Adds all groups of a tally. */
    void add(Tally tally, List<Column> beside) {
        int[] picks = TallyShape.sequence(tally.size());
        for (int from = 0; from < picks.length; from += ROWS) {
            int start = from;
            int count = Math.min(ROWS, picks.length - from);
            List<Column> shifted = beside.stream()
                    .map(column ->
                            new Column(column.name(), row -> column.values().applyAsLong(start + row)))
                    .toList();
            add(tally.keys(picks, from, count, allocator), shifted, tally.saved(picks, from, count, allocator), count);
        }
    }

    /** Takes over the columns. */
    void add(List<FieldVector> keys, List<Column> beside, List<FieldVector> aggregates, int count) {
        List<FieldVector> part = new ArrayList<>(keys);
        try {
            for (Column column : beside) {
                part.add(Results.column(column.field(), count, column.values(), allocator));
            }
            part.addAll(aggregates);
            append(part, count);
        } catch (RuntimeException | Error failure) {
            if (open != part) {
                part.forEach(FieldVector::close);
            }
            throw failure;
        }
    }

    private void append(List<FieldVector> part, int count) {
        if (count == 0) {
            part.forEach(FieldVector::close);
            return;
        }
        if (!open.isEmpty() && (rows + count > ROWS || bytes(open) + bytes(part) > BYTES || !alike(open, part))) {
            end();
        }
        if (open.isEmpty()) {
            open = part;
        } else {
            for (int i = 0; i < part.size(); i++) {
                VectorBatchAppender.batchAppend(open.get(i), part.get(i));
            }
            part.forEach(FieldVector::close);
        }
        rows += count;
    }

    private static long bytes(List<FieldVector> vectors) {
        return vectors.stream().mapToLong(FieldVector::getBufferSize).sum();
    }

    /** View vectors cannot be appended to. */
    private static boolean alike(List<FieldVector> one, List<FieldVector> other) {
        for (int i = 0; i < one.size(); i++) {
            Field field = one.get(i).getField();
            boolean view =
                    field.getType() instanceof ArrowType.Utf8View || field.getType() instanceof ArrowType.BinaryView;
            if (view || !field.equals(other.get(i).getField())) {
                return false;
            }
        }
        return true;
    }

    /** Ends the last table. */
    void end() {
        if (!open.isEmpty()) {
            Schema schema = new Schema(open.stream().map(FieldVector::getField).toList());
            tables.add(Batch.of(schema, open, rows));
            open = List.of();
            rows = 0;
        }
    }

    /** Closes what has not become a table, after a failure. */
    void drop() {
        open.forEach(FieldVector::close);
        open = List.of();
    }

    /**
     * Adds a table to a tally.
     *
     * @param keys how many key columns there are
     * @param beside how many columns there are between them and the aggregates
     * @param groups is filled with the group of each row
     */
    static void load(Tally tally, int keys, int beside, Batch table, int[] groups) {
        List<FieldVector> columns = table.columns();
        int rows = table.rowCount();
        tally.load(
                columns.subList(0, keys).toArray(new FieldVector[0]),
                columns.subList(keys + beside, columns.size()),
                rows,
                groups);
    }

    /** Neighbouring rows with one value in a column of whole numbers. */
    @FunctionalInterface
    interface Run {
        /** @param from the first row; the part is closed afterwards */
        void take(int from, Batch part);
    }

    /** Gives out a table run by run. */
    static void runs(Batch table, int column, Run run) {
        BigIntVector values = (BigIntVector) table.column(column);
        int rows = table.rowCount();
        for (int from = 0; from < rows; ) {
            int end = from + 1;
            while (end < rows && values.get(end) == values.get(from)) {
                end++;
            }
            try (Batch part = table.slice(from, end - from)) {
                run.take(from, part);
            }
            from = end;
        }
    }
}
