package io.solstice.worker.expression;

import io.solstice.api.row.ValueReader;
import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.expression.Interpreter.RowValue;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** Reads vectors in the interpreter's form of values. */
final class StoredValues {
    private StoredValues() {}

    /** A value that is only passed on: where it lies. */
    record Cell(FieldVector vector, int row) {
        @Nullable
        Object member(int index) {
            FieldVector child = (FieldVector) ((StructVector) vector).getChildByOrdinal(index);
            return of(child, List.of()).at(row);
        }
    }

    /** @param path the positions of nested struct fields below the vector */
    static RowValue of(FieldVector vector, List<Integer> path) {
        return below(vector, path, StoredValues::present);
    }

    /** Like {@link #of}, but every value that is not null is a cell. */
    static RowValue cells(FieldVector vector, List<Integer> path) {
        return below(vector, path, leaf -> row -> new Cell(leaf, row));
    }

    private static RowValue below(FieldVector vector, List<Integer> path, Function<FieldVector, RowValue> present) {
        if (path.isEmpty()) {
            RowValue value = present.apply(vector);
            return vector instanceof NullVector ? row -> null : row -> vector.isNull(row) ? null : value.at(row);
        }
        FieldVector child = (FieldVector) ((StructVector) vector).getChildByOrdinal(path.get(0));
        RowValue value = below(child, path.subList(1, path.size()), present);
        return row -> vector.isNull(row) ? null : value.at(row);
    }

    private static RowValue present(FieldVector vector) {
        ArrowType type = vector.getField().getType();
        return switch (Lane.of(type)) {
            case BIT -> row -> ((BitVector) vector).get(row) != 0;
            case INT, LONG -> whole((BaseFixedWidthVector) vector, type);
            case FLOAT -> single((BaseFixedWidthVector) vector, type);
            case DOUBLE -> {
                ArrowBuf data = vector.getDataBuffer();
                yield row -> data.getDouble((long) row << 3);
            }
            case TEXT, BYTES, DECIMAL -> ValueReader.of(vector)::read;
            case OTHER -> row -> new Cell(vector, row);
        };
    }

    private static RowValue whole(BaseFixedWidthVector vector, ArrowType type) {
        ArrowBuf data = vector.getDataBuffer();
        boolean signed = !(type instanceof ArrowType.Int whole) || whole.getIsSigned();
        return switch (vector.getTypeWidth()) {
            case 1 -> signed ? row -> (long) data.getByte(row) : row -> data.getByte(row) & 0xffL;
            case 2 -> signed ? row -> (long) data.getShort(row << 1) : row -> data.getShort(row << 1) & 0xffffL;
            case 4 ->
                signed ? row -> (long) data.getInt((long) row << 2) : row -> data.getInt((long) row << 2) & 0xffffffffL;
            default -> row -> data.getLong((long) row << 3);
        };
    }

    private static RowValue single(BaseFixedWidthVector vector, ArrowType type) {
        ArrowBuf data = vector.getDataBuffer();
        boolean half = ((ArrowType.FloatingPoint) type).getPrecision() == FloatingPointPrecision.HALF;
        return half ? row -> Float16.toFloat(data.getShort(row << 1)) : row -> data.getFloat((long) row << 2);
    }
}
