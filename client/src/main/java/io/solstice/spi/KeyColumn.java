package io.solstice.spi;

import io.solstice.api.row.RowSchema;
import io.solstice.api.row.ValueWriter;
import io.solstice.common.error.ErrorCode;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** One value of a key as a column of one row. Used by one thread. */
final class KeyColumn implements AutoCloseable {
    private final String name;
    private final @Nullable Field declared;
    private final BufferAllocator allocator;
    private @Nullable Open open;

    private record Open(FieldVector vector, ValueWriter writer) {}

    /** @param declared null if the type of the column is not known */
    KeyColumn(String name, @Nullable Field declared, BufferAllocator allocator) {
        this.name = name;
        this.declared = declared;
        this.allocator = allocator;
    }

    /** The column with that value, until the next one is set. */
    FieldVector set(@Nullable Object value) {
        Field field = declared != null ? declared : found(value);
        Open there = open;
        if (there == null || !there.vector().getField().getType().equals(field.getType())) {
            close();
            FieldVector vector = field.createVector(allocator);
            vector.setInitialCapacity(1);
            there = new Open(vector, ValueWriter.of(vector));
            open = there;
            vector.allocateNew();
        }
        FieldVector vector = there.vector();
        vector.reset();
        there.writer().write(0, value);
        vector.setValueCount(1);
        return vector;
    }

    /** As in a column that rows were written to whose schema nobody declared. */
    private Field found(@Nullable Object value) {
        Field field = RowSchema.fieldOf(name, value);
        boolean ambiguous = switch (field.getType().getTypeID()) {
            case Decimal, Date, Time, Timestamp, Duration -> true;
            default -> false;
        };
        if (ambiguous) {
            throw ErrorCode.STATE_UNFIT
                    .error("which task owns a key of column '" + name + "' cannot be told")
                    .where("owns(...) in rescale")
                    .cause(value + " is kept in several ways, and the column's type shows only while the job runs")
                    .help(
                            "declare the output schema of the stage before the KeyByOperator, or use a key that is a number,"
                                    + " a text or a boolean")
                    .toException();
        }
        return field;
    }

    @Override
    public void close() {
        Open there = open;
        if (there != null) {
            there.vector().close();
            open = null;
        }
    }
}
