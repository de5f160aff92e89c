package io.solstice.api.row;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into batches, of a declared schema or of one that it finds out. A schema that was found out only grows:
 * later batches have at least the columns of earlier ones. With a declared schema, names that it does not have are left
 * out and absent ones are null.
 */
public final class RowWriter {
    private final boolean declared;
    private Schema schema;

    /** @param declared the schema of the batches, or null to find it out */
    public RowWriter(@Nullable Schema declared) {
        this.declared = declared != null;
        this.schema = declared != null ? declared : new Schema(List.of());
    }

    /** The schema of the next batch as far as it is known. */
    public Schema schema() {
        return schema;
    }

    public Batch write(List<Row> rows, BufferAllocator allocator) {
        if (!declared && !areWithin(schema.getFields(), rows)) {
            RowSchema found = new RowSchema().include(schema);
            rows.forEach(found::include);
            schema = found.schema();
        }
        List<FieldVector> vectors = new ArrayList<>();
        try {
            for (Field field : schema.getFields()) {
                FieldVector vector = field.createVector(allocator);
                vectors.add(vector);
                vector.setInitialCapacity(rows.size());
                vector.allocateNew();
                writeColumn(vector, rows);
            }
            return Batch.of(schema, vectors, rows.size());
        } catch (RuntimeException | Error failure) {
            vectors.forEach(FieldVector::close);
            throw failure;
        }
    }

    private static boolean areWithin(List<Field> columns, List<Row> rows) {
        for (Row row : rows) {
            if (!RowSchema.isWithin(columns, row)) {
                return false;
            }
        }
        return true;
    }

    private static void writeColumn(FieldVector vector, List<Row> rows) {
        ValueWriter writer = ValueWriter.of(vector);
        String name = vector.getName();
        for (int i = 0; i < rows.size(); i++) {
            writer.write(i, rows.get(i).get(name));
        }
        vector.setValueCount(rows.size());
    }
}
