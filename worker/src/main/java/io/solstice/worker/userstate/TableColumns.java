package io.solstice.worker.userstate;

import io.solstice.api.row.ValueWriter;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.keyed.GroupTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** The columns of a table in the making. */
final class TableColumns {
    private final int rows;
    private final BufferAllocator allocator;
    private final List<FieldVector> vectors = new ArrayList<>();

    TableColumns(int rows, BufferAllocator allocator) {
        this.rows = rows;
        this.allocator = allocator;
    }

    private FieldVector vector(Field field) {
        FieldVector vector = field.createVector(allocator);
        vectors.add(vector);
        vector.setInitialCapacity(rows);
        vector.allocateNew();
        return vector;
    }

    void addKeys(List<Field> fields, GroupTable groups, int[] some, int from) {
        FieldVector[] columns = new FieldVector[fields.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = vector(fields.get(i));
        }
        groups.write(columns, some, from, rows);
        for (FieldVector column : columns) {
            column.setValueCount(rows);
        }
    }

    void add(Field field, IntFunction<@Nullable Object> values) {
        FieldVector vector = vector(field);
        ValueWriter writer = ValueWriter.of(vector);
        for (int row = 0; row < rows; row++) {
            writer.write(row, values.apply(row));
        }
        vector.setValueCount(rows);
    }

    boolean hasAny(IntFunction<@Nullable Object> values) {
        for (int row = 0; row < rows; row++) {
            if (values.apply(row) != null) {
                return true;
            }
        }
        return false;
    }

    Batch table() {
        return Batch.of(vectors, rows);
    }

    void drop() {
        vectors.forEach(FieldVector::close);
    }
}
