package io.solstice.worker.expression;

import io.solstice.api.row.ValueWriter;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.bytecode.Lane;
import java.math.BigDecimal;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Columns that the interpreter computes, value by value. */
final class InterpretedColumn {
    private InterpretedColumn() {}

    /** Throws ArithmeticException if the expression fails for a row; nothing stays allocated then. */
    static FieldVector compute(Typed node, Batch batch, BufferAllocator allocator) {
        FieldType type = new FieldType(true, Types.stored(node.type()), null);
        return compute(node, new Field("", type, node.field().getChildren()), batch, allocator);
    }

    static FieldVector compute(Typed node, Field field, Batch batch, BufferAllocator allocator) {
        FieldVector vector = field.createVector(allocator);
        try {
            boolean copied = node instanceof Typed.ColumnValue && node.type().equals(field.getType());
            Interpreter.RowValue value = copied && node instanceof Typed.ColumnValue column
                    ? StoredValues.cells(batch.column(column.column()), column.path())
                    : new Interpreter(batch).value(node);
            vector.setInitialCapacity(batch.rowCount());
            vector.allocateNew();
            ValueWriter writer = copied ? copier(vector) : writer(vector);
            for (int row = 0; row < batch.rowCount(); row++) {
                writer.write(row, value.at(row));
            }
            vector.setValueCount(batch.rowCount());
            return vector;
        } catch (RuntimeException | Error failure) {
            vector.close();
            throw failure;
        }
    }

    private static ValueWriter writer(FieldVector vector) {
        ArrowType type = vector.getField().getType();
        return switch (Lane.of(type)) {
            case INT, LONG -> whole((BaseFixedWidthVector) vector);
            case BIT, FLOAT, DOUBLE, TEXT, BYTES -> ValueWriter.of(vector);
            case DECIMAL ->
                vector instanceof Decimal256Vector wide
                        ? (row, value) -> {
                            if (value == null) {
                                wide.setNull(row);
                            } else {
                                wide.setSafe(row, (BigDecimal) value);
                            }
                        }
                        : ValueWriter.of(vector);
            case OTHER -> copier(vector);
        };
    }

    private static ValueWriter copier(FieldVector vector) {
        return (row, value) -> {
            if (value instanceof StoredValues.Cell cell) {
                vector.copyFromSafe(cell.row(), row, cell.vector());
            }
        };
    }

    /** Any type that is stored as a whole number: the capacity is there, so values go straight to the buffer. */
    private static ValueWriter whole(BaseFixedWidthVector vector) {
        ArrowBuf data = vector.getDataBuffer();
        ArrowBuf validity = vector.getValidityBuffer();
        int width = vector.getTypeWidth();
        return (row, value) -> {
            if (value == null) {
                return;
            }
            BitVectorHelper.setBit(validity, row);
            long at = (long) row * width;
            long number = (Long) value;
            switch (width) {
                case 1 -> data.setByte(at, (byte) number);
                case 2 -> data.setShort(at, (short) number);
                case 4 -> data.setInt(at, (int) number);
                default -> data.setLong(at, number);
            }
        };
    }
}
