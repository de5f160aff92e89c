package io.solstice.connector.files;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.jspecify.annotations.Nullable;

/** The values of a vector of bytes or texts, copied one at a time into an array that is used again. */
final class ByteValues {
    private final FieldVector vector;
    private final @Nullable BaseVariableWidthVector usual;
    private byte[] bytes = new byte[128];
    private int length;

    ByteValues(FieldVector vector) {
        this.vector = vector;
        this.usual = vector instanceof BaseVariableWidthVector variable ? variable : null;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void load(int row) {
        if (usual == null) {
            bytes = copy(row);
            length = bytes.length;
            return;
        }
        ArrowBuf offsets = usual.getOffsetBuffer();
        int start = offsets.getInt((long) row << 2);
        length = offsets.getInt((long) (row + 1) << 2) - start;
        if (bytes.length < length) {
            bytes = new byte[length * 2];
        }
        usual.getDataBuffer().getBytes(start, bytes, 0, length);
    }

    private byte[] copy(int row) {
        return switch (vector.getMinorType()) {
            case FIXEDSIZEBINARY -> ((FixedSizeBinaryVector) vector).get(row);
            case LARGEVARBINARY -> ((LargeVarBinaryVector) vector).get(row);
            case LARGEVARCHAR -> ((LargeVarCharVector) vector).get(row);
            case VIEWVARBINARY -> ((ViewVarBinaryVector) vector).get(row);
            default -> ((ViewVarCharVector) vector).get(row);
        };
    }
}
